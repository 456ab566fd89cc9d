"""Values of metrics under other definitions: the raw table metric_history and the CSVs of PLG_HISTORY_DIR."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from plg.input.delivered import find_delivered
from plg.input.raw_tables import read_table
from tests.input.files import COLUMNS as RAW_COLUMNS
from tests.input.files import FORMS, ROWS, SEEDS, write

COLUMNS = ("definitions_version", "observed_until_at", "metric_id", "week_start_date", "value")
ROW = ("c575be4c913d", "2024-06-01 12:00:00.000001", "activation_rate", "2024-01-01", "0.125")
READ = (
    "c575be4c913d",
    dt.datetime(2024, 6, 1, 12, 0, 0, 1),
    "activation_rate",
    dt.date(2024, 1, 1),
    0.125,
)
Find = Callable[[], tuple[list[tuple], list[str]]]


@pytest.fixture
def find(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Find:
    """The rows of the table as a build sees them, and what is wrong."""
    for name, rows in ROWS.items():
        write(tmp_path / "raw" / f"{name}.csv", RAW_COLUMNS[name], rows)
    monkeypatch.setenv("PLG_HISTORY_DIR", str(tmp_path / "history"))

    def found() -> tuple[list[tuple], list[str]]:
        delivered = find_delivered(
            connection, tmp_path / "raw", "canonical", SEEDS, {}, "raw", 0.001
        )
        tables = {table.name: table for table in delivered.tables}
        if delivered.problems:
            return [], delivered.problems
        query = f"select {', '.join(COLUMNS)} from ({tables['metric_history'].query})"
        return connection.execute(f"{query} order by all").fetchall(), []

    return found


def rows_in(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[tuple]:
    """The rows of the table in a folder."""
    table, problems = read_table(connection, folder, "metric_history", {})
    assert problems == []
    query = f"select {', '.join(COLUMNS)} from ({table.query}) order by week_start_date"
    return connection.execute(query).fetchall()


@pytest.mark.parametrize("form", FORMS)
def test_dates_times_and_numbers_are_read_from_each_form(
    connection: duckdb.DuckDBPyConnection, form: str, tmp_path: Path
) -> None:
    rows = [ROW, (*ROW[:3], "2024-01-08", None), (*ROW[:3], "soon", "much")]
    write(tmp_path / f"metric_history{form}", COLUMNS, rows)
    assert rows_in(connection, tmp_path) == [
        READ,
        (*READ[:3], dt.date(2024, 1, 8), None),
        (*READ[:3], None, None),
    ]


def test_native_types_are_read_too(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(
        "copy (select 'c575be4c913d' as definitions_version, timestamp '2024-06-01 12:00:00.000001' as "
        "observed_until_at, 'activation_rate' as metric_id, date '2024-01-01' as week_start_date, "
        f"0.125::double as value) to '{tmp_path / 'metric_history.parquet'}' (format parquet)"
    )
    assert rows_in(connection, tmp_path) == [READ]


def test_without_any_there_are_no_rows(find: Find) -> None:
    assert find() == ([], [])


def test_every_csv_of_the_folder_is_read_beside_the_table(find: Find, tmp_path: Path) -> None:
    write(tmp_path / "history" / "a.csv", COLUMNS, [ROW])
    write(tmp_path / "history" / "B.CSV", COLUMNS, [(*ROW[:2], "b", *ROW[3:])])
    write(tmp_path / "history" / "empty.csv", COLUMNS, [])
    (tmp_path / "history" / "none.csv").touch()
    (tmp_path / "history" / ".hidden.csv").write_text("no history")
    (tmp_path / "history" / "notes.txt").write_text("no history")
    assert [row[2] for row in find()[0]] == ["activation_rate", "b"]
    write(tmp_path / "raw" / "metric_history.jsonl", COLUMNS, [(*ROW[:2], "raw", *ROW[3:])])
    assert [row[2] for row in find()[0]] == ["activation_rate", "b", "raw"]


def test_a_file_that_is_no_history_is_named(find: Find, tmp_path: Path) -> None:
    write(tmp_path / "history" / "a.csv", ("metric", "value"), [("x", "1")])
    _, (problem,) = find()
    for word in (str(tmp_path / "history" / "a.csv"), "metric_id", "is missing"):
        assert word in problem
