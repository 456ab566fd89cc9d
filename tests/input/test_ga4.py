"""Exports of GA4: how they are known, what a build reads again, and what stops it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from plg.input.detect import find_source
from plg.input.vendor_tables import parts_query
from tests.input.files import found_in, write_text

EVENT = {"event_timestamp": "1704103200000000", "event_name": "a", "user_pseudo_id": "d"}
OF_A_USER = {**EVENT, "user_id": "u"}


def write(folder: Path, name: str, row: dict[str, object]) -> None:
    write_text(folder / f"{name}.jsonl", json.dumps(row))


def parts_of(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    found = found_in(connection, folder)
    assert found.problems == []
    parts = connection.execute(parts_query(found.views)).fetchall()
    return {Path(part).stem: fingerprint for part, fingerprint in parts}


@pytest.mark.parametrize("name", ["events", "events_20240101", "EVENTS_INTRADAY_20240101"])
def test_it_is_known_by_columns_of_each_table_of_events(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    write(tmp_path, name, OF_A_USER)
    assert find_source(connection, tmp_path, "auto") == "ga4"


def test_a_table_is_in_one_view_alone(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name in ("events_20240101", "events_20240102", "events_intraday_20240103"):
        write(tmp_path, name, OF_A_USER)
    held = {
        view.name: sorted(view.tables.values()) for view in found_in(connection, tmp_path).views
    }
    assert held == {
        "events": ["events_20240101", "events_20240102"],
        "events_intraday": ["events_intraday_20240103"],
    }


def test_a_daily_table_makes_intraday_tables_be_read_again_and_no_other(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path, "events_20240101", OF_A_USER)
    write(tmp_path, "events_intraday_20240102", OF_A_USER)
    before = parts_of(connection, tmp_path)
    write(tmp_path, "events_20240102", OF_A_USER)
    after = parts_of(connection, tmp_path)
    assert after["events_20240101"] == before["events_20240101"]
    assert after["events_intraday_20240102"] != before["events_intraday_20240102"]


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        ([{"key": "a", "value": {"int_value": "1"}}], True),
        ('[{"key": "a", "value": {"int_value": "1"}}]', True),
        ([], True),
        (None, True),
        ({"a": 1}, False),
        ([1], False),
        ("a=1", False),
    ],
)
def test_parameters_are_lists_of_keys_and_values(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, value: object, is_right: bool
) -> None:
    write(tmp_path, "events", {**OF_A_USER, "event_params": value})
    problems = found_in(connection, tmp_path).problems
    if is_right:
        assert problems == []
    else:
        assert len(problems) == 1
        assert "events.jsonl: column event_params: " in problems[0]
        assert "is no list of keys and values" in problems[0]


@pytest.mark.parametrize("event", [EVENT, {**EVENT, "user_id": ""}])
def test_a_product_without_login_needs_a_setting(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    event: dict[str, object],
) -> None:
    write(tmp_path, "events", event)
    assert found_in(connection, tmp_path).problems == [
        f"{tmp_path}: column user_id: no row has a user id; set PLG_ANONYMOUS_USERS=true if the product has "
        "no login."
    ]
    monkeypatch.setenv("PLG_ANONYMOUS_USERS", "true")
    assert found_in(connection, tmp_path).problems == []
    monkeypatch.delenv("PLG_ANONYMOUS_USERS")
    write(tmp_path, "events_20240101", OF_A_USER)
    assert found_in(connection, tmp_path).problems == []
