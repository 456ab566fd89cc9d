"""What `plg check` counts: rows, rows that can't be read, and values that can't."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.input.problem import InputProblem
from plg.input.raw_tables import read_table
from plg.input.unreadable import RowTables
from plg.input.values import said_of
from tests.input.files import EVENT_COLUMNS, USER_COLUMNS, write, write_text


def said(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> list[str]:
    tables = RowTables(connection, "raw", 0.9)
    table, problems = read_table(connection, folder, name, {}, row_tables=tables)
    assert problems == []
    return list(said_of(connection, table))


def test_values_that_cannot_be_read_are_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    long = "x" * 70
    times = ["2024-01-31", "31/01/2024", "1970-01-01", " NULL ", "", None]
    rows = [(f"e{n}", "u", "x", time, None) for n, time in enumerate(times)]
    write(tmp_path / "events" / "a.csv", EVENT_COLUMNS, rows)
    write(tmp_path / "events" / "b.jsonl", EVENT_COLUMNS, [("f", "u", "x", long, None)])
    whole, values = said(connection, tmp_path, "events")
    assert whole == "events: 7 rows in 2 files"
    assert values == (
        "events: column timestamp: 3 values can't be read as a time, such as '1970-01-01' in "
        f"{tmp_path}/events/a.csv; they count as empty"
    )
    (tmp_path / "events" / "a.csv").unlink()
    write(tmp_path / "events" / "c.csv", EVENT_COLUMNS, rows[:1])
    assert (
        f"1 values can't be read as a time, such as '{'x' * 60}...' in"
        in said(connection, tmp_path, "events")[1]
    )


def test_rows_that_cannot_be_read_are_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users.csv"
    write_text(path, ",".join(USER_COLUMNS) + "\nu1,a,2024-01-01,,,\nu2\n")
    assert said(connection, tmp_path, "users") == [
        f"users: 2 rows in {path}; 1 of them can't be read (rule unreadable_row)"
    ]


def test_optional_table_may_be_absent(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users.csv", USER_COLUMNS, [("u", None, "2024-01-01", None, None, None)])
    assert said(connection, tmp_path, "users") == [f"users: 1 rows in {tmp_path / 'users.csv'}"]


def test_subscriptions_say_who_pays(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def read(column: str) -> list[str]:
        columns = ["subscription_id", "started_at", "monthly_amount", column]
        write(tmp_path / "subscriptions.csv", columns, [("s", "2024-01-01", "29", "x")])
        tables = RowTables(connection, "raw", 0.9)
        return read_table(connection, tmp_path, "subscriptions", {}, row_tables=tables)[1]

    said = (
        "subscriptions has neither account_id nor user_id. It has subscription_id, started_at, "
        "monthly_amount, customer: "
    )
    with pytest.raises(InputProblem, match=f"^{said}"):
        read("customer")
    assert read("user_id") == read("account_id") == []
