"""Rows that can't be read: they are left out and counted, up to a share of their file."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from plg.input.delivered import Delivered
from plg.input.raw_tables import InputProblem, read_table
from plg.input.unreadable import PREFIX, RowTables
from plg.input.views import show
from tests.input.files import USER_COLUMNS, write_text

HEADER = ",".join(USER_COLUMNS) + "\n"
GOOD = "u{},a,2024-01-01,free,web,\n"
OBJECT = dict.fromkeys(USER_COLUMNS, "2024-01-01")


def csv(*rows: str | bytes) -> bytes:
    """Rows of a CSV, each between two that can be read."""
    lines = [row if isinstance(row, bytes) else row.encode() for row in rows]
    between = [line for n, row in enumerate(lines) for line in (GOOD.format(n).encode(), row)]
    return b"".join([HEADER.encode(), *between, GOOD.format("last").encode()])


def jsonl(*lines: bytes) -> bytes:
    good = json.dumps(OBJECT).encode() + b"\n"
    return b"".join([good, *(line + b"\n" + good for line in lines)])


def read(
    connection: duckdb.DuckDBPyConnection, folder: Path, allowed: float = 0.9
) -> tuple[int, int]:
    """How many rows of the users can be read, and how many can't."""
    tables = RowTables(connection, "raw", allowed)
    table, problems = read_table(connection, folder, "users", {}, row_tables=tables)
    assert problems == []
    show(connection, "raw", Delivered(tables=[table]), "this run")
    rows = connection.execute("select is_unreadable, user_id, created_at, file_name from raw.users")
    found = rows.fetchall()
    assert all(row[1] is None and row[2] is None for row in found if row[0])
    assert all(row[1] and row[2] for row in found if not row[0])
    assert {row[3] for row in found} == {str(path) for path in folder.iterdir()}
    return sum(not row[0] for row in found), sum(row[0] for row in found)


CSV = {
    "too few cells": (csv("u,a\n"), 2, 1),
    "too many cells": (csv("u,acme,inc,2024-01-01,pro,web,ads\n"), 2, 1),
    "an empty cell too many": (csv("u,a,2024-01-01,pro,web,,\n"), 2, 1),
    "a quote that nothing closes": (csv('u,"a,2024-01-01,,,\n'), 2, 1),
    "text behind a quote": (csv('u,"a"b,2024-01-01,,,\n'), 2, 1),
    "Latin-1": (csv("u,é,2024-01-01,,,\n".encode("latin-1")), 2, 1),
    "a record of two lines, with a cell too many": (csv('u,"a\nb",2024-01-01,,,,x,y\n'), 2, 2),
    "two kinds of line end": (csv("u,a,2024-01-01,,,\r\n"), 3, 0),
    "a line of blanks": (csv("  \n"), 2, 0),
    "a quote in a cell without quotes": (csv('u,a"b,2024-01-01,,,\n'), 3, 0),
    "13 cells too many, of a record of many lines": (
        csv('u,"\n",' + '"\n",' * 16 + "\n"),
        2,
        18,
    ),
    "a cell of 17 MB": (csv(f'u,"{"x" * 17_000_000}",2024-01-01,,,\n'), 2, 1),
    "a cell of 3 MB": (csv(f'u,"{"x" * 3_000_000}",2024-01-01,,,\n'), 3, 0),
    "sound rows with quotes beside a broken one": (
        csv('u,"a ""b"", c\nd",2024-01-01,,,\n', "x\n"),
        4,
        1,
    ),
}
JSONL = {
    "broken JSON": (jsonl(b'{"user_id": '), 2, 1),
    "a list": (jsonl(b"[1]"), 2, 1),
    "null": (jsonl(b"null"), 2, 1),
    "two objects": (jsonl(b'{"user_id": 1} {"user_id": 2}'), 2, 1),
    "half an emoji": (jsonl(b'{"user_id": "u", "note": "\\ud83c"}'), 2, 1),
    "bytes that are no UTF-8": (jsonl(b'{"user_id": "\xff"}'), 2, 1),
    "a blank line": (jsonl(b" "), 2, 0),
    "a comma behind the last value": (
        jsonl(b'{"user_id": "u", "created_at": "2024-01-01", }'),
        2,
        1,
    ),
    "a comma behind the last item": (jsonl(b'{"user_id": "u", "note": [1,], "more": 2}'), 2, 1),
    "NaN": (jsonl(b'{"user_id": "u", "note": NaN}'), 2, 1),
    "-Infinity, in a list": (jsonl(b'{"user_id": "u", "note": [1, -Infinity]}'), 2, 1),
    "the same in text": (
        jsonl(rb'{"user_id": "\\\", [1,], {\"a\": NaN, }", "created_at": "2024-01-01"}'),
        3,
        0,
    ),
    "1,200 levels": (
        jsonl(
            b'{"user_id": "u", "created_at": "2024-01-01", "note": '
            + b"[" * 1200
            + b"]" * 1200
            + b"}",
            b"[",
        ),
        4,
        1,
    ),
}


@pytest.mark.parametrize(("data", "good", "bad"), CSV.values(), ids=CSV)
@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_rows_of_a_csv(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    ending: str,
    data: bytes,
    good: int,
    bad: int,
) -> None:
    write_text(tmp_path / f"users.{ending}", data)
    assert read(connection, tmp_path) == (good, bad)


@pytest.mark.parametrize(("data", "good", "bad"), JSONL.values(), ids=JSONL)
def test_lines_of_json(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, data: bytes, good: int, bad: int
) -> None:
    write_text(tmp_path / "users.jsonl", data)
    assert read(connection, tmp_path) == (good, bad)


def test_one_in_a_thousand_is_allowed_and_no_more(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = "".join(map(GOOD.format, range(999)))
    write_text(tmp_path / "users.csv", f"{HEADER}{rows}u,a\n")
    assert read(connection, tmp_path, 0.001) == (999, 1)
    write_text(tmp_path / "users.csv", f"{HEADER}{''.join(map(GOOD.format, range(998)))}u,a\nu,b\n")
    with pytest.raises(InputProblem, match=r"line 1000 can't be read: 2 cells.*2 of 1,000 rows"):
        read(connection, tmp_path, 0.001)


def test_the_table_of_rows_goes_when_the_file_is_fixed(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    def tables() -> list[tuple]:
        query = "select table_oid from duckdb_tables() where starts_with(table_name, ?)"
        return connection.execute(query, [PREFIX]).fetchall()

    write_text(tmp_path / "users.csv", csv("u,a\n"))
    read(connection, tmp_path)
    (made,) = tables()
    assert read(connection, tmp_path) == (2, 1)
    assert tables() == [made]
    write_text(tmp_path / "users.csv", csv(GOOD.format("x")))
    assert read(connection, tmp_path) == (3, 0)
    assert tables() == []


def test_text_that_looks_like_loose_json_costs_no_table(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "users.jsonl", JSONL["the same in text"][0])
    assert read(connection, tmp_path) == (3, 0)
    query = "select 1 from duckdb_tables() where starts_with(table_name, ?)"
    assert connection.execute(query, [PREFIX]).fetchall() == []
