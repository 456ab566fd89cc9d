"""The oracle's reading of raw files, on values whose meaning the definitions say."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle.properties import invitations_in
from tests.oracle.raw_files import RawEvent, TooManyUnreadableRows, read_raw_table
from tests.oracle.values import read_value

NOON = datetime(2024, 1, 31, 12)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("plan_tier", "\ufeff\u2060 \u00a0pro\u200b\t\r\n\u202f", "pro"),
        ("plan_tier", " \\N ", None),
        ("plan_tier", "none", "none"),
        ("plan_tier", "17.0", "17.0"),
        ("event_name", " null ", "null"),
        ("event_name", "\u200b", None),
        ("properties", "NULL", "NULL"),
        ("user_id", "17.0", "17"),
        ("user_id", "1.0e3", "1000"),
        ("user_id", "-0.0", "0"),
        ("user_id", "1e3", "1e3"),
        ("user_id", "007", "007"),
        ("user_id", "17.5", "17.5"),
        ("user_id", "1.0.0", "1.0.0"),
        ("invited_by", "#N/A", None),
        ("account_id", 1234567890.0, "1234567890"),
        ("account_id", float("nan"), None),
    ],
)
def test_text_and_ids(column: str, text: str | float, value: str | None) -> None:
    assert read_value(column, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31 12:00",
        "2024-1-31T12:00:00Z",
        "2024-01-31 12:00:00.0000009",
        "2024-01-31 12:00:00 UTC",
        "2024-01-31T17:30:00+05:30",
        "2024-01-31 04:00:00 -08",
        "2024-01-31 07:00:00 America/New_York",
        " 1706702400 ",
        "1706702400000",
        "1706702400000000",
        "1706702400.0",
        "1706702400.",
        "1.7067024e9",
        "17067024e2",
        "17067024000.0e-1",
    ],
)
def test_times(text: str) -> None:
    assert read_value("timestamp", text) == NOON


def test_eight_digits_are_a_date_where_they_can_be() -> None:
    assert read_value("created_at", "20240131") == datetime(2024, 1, 31)
    assert read_value("created_at", "2024-1-5") == datetime(2024, 1, 5)
    # The seconds of August 1970.
    assert read_value("created_at", "20240230") is None


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2024-02-30",
        "2024-01-31 24:00:00",
        "2024-01-31 12:00:00 Mars/Olympus",
        "31/01/2024",
        "1989-12-31 23:59:59.999999",
        "1990-01-01T01:00:00+02:00",
        "-5",
        "1706702400.5",
        "17067024001.0e-1",
        "NULL",
        "",
    ],
)
def test_no_time(text: str) -> None:
    assert read_value("timestamp", text) is None


def test_the_first_time_that_is_one() -> None:
    assert read_value("timestamp", "1990-01-01") == datetime(1990, 1, 1)


HEADER = "event_id,user_id,event_name,timestamp,properties\n"


def read_events(
    folder: Path, file: str, content: bytes, allowed: str = "1"
) -> tuple[list[str], int]:
    """The event_ids of a file's rows, and how many rows can't be read."""
    (folder / file).write_bytes(content)
    table = read_raw_table(folder, "events", RawEvent, Fraction(allowed))
    return [row.event_id for row in table.rows], table.unreadable.total()


@pytest.mark.parametrize(
    ("lines", "event_ids", "unreadable_count"),
    [
        ('1,u,n,2024-01-31,"{""a"":\n1}"\n2,u,n,2024-01-31,', ["1", "2"], 0),
        ("1,u,n,2024-01-31\n2,u,n,2024-01-31,\n3,u,n,2024-01-31,,x\n", ["2"], 2),
        ('1,"u"x,n,2024-01-31,\n2,u,n,2024-01-31,\n', ["2"], 1),
        # The quote that is never closed takes its own line alone.
        ('1,"u,n,2024-01-31,\n2,u,n,2024-01-31,\n3,u,n,2024-01-31,\n', ["2", "3"], 1),
        # Both lines of a record with a cell too few.
        ('1,u,n,"2024\n01"\n2,u,n,2024-01-31,\n', ["2"], 2),
        ("1,u,cut \udc9f,2024-01-31,\n\n2,u,n,2024-01-31,\r\n", ["2"], 1),
    ],
)
def test_csv(tmp_path: Path, lines: str, event_ids: list[str], unreadable_count: int) -> None:
    content = (HEADER + lines).encode("utf-8", "surrogateescape")
    assert read_events(tmp_path, "events.csv", content) == (event_ids, unreadable_count)


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        r'{"event_id":17.0,"properties":{"count": 5,"of":[1.50,null]}}',
        r'{"event_id":1e3}',
        "",
        "[]",
        r'{"event_id":"cut \ud83c"}',
        r'{"event_id":"whole \ud83c\udf89"}',
        r'{"event_id":"8"',
        r'{"event_id":"9",}',
    ]
    found = read_events(tmp_path, "events.jsonl", "\n".join(lines).encode())
    assert found == (["17", "1e3", "whole \N{PARTY POPPER}"], 4)
    (row, *_) = read_raw_table(tmp_path, "events", RawEvent, Fraction(1)).rows
    assert row.properties == '{"count":5,"of":[1.50,null]}'
    assert invitations_in(row.properties) == 5


def test_so_many_unreadable_rows_are_allowed_and_no_more(tmp_path: Path) -> None:
    lines = [json.dumps({"event_id": str(number)}) for number in range(999)]
    content = "\n".join([*lines, "["]).encode()
    assert read_events(tmp_path, "events.jsonl", content, "0.001")[1] == 1
    with pytest.raises(TooManyUnreadableRows, match=r"2 of 1001 rows"):
        read_events(tmp_path, "events.jsonl", content + b"\n[", "0.001")
