"""Into which parts the raw events fall, and that a part's fingerprint changes whenever its rows do."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from plg.input.problem import UnreadableFiles
from plg.input.raw_tables import empty_columns, find_table

HEADER = "event_id,user_id,event_name,timestamp,properties"


def write(path: Path, *rows: str, header: str = HEADER) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n")


def event(number: int, time: str) -> str:
    return f"e{number},ann,task_done,{time},"


def parts(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """The fingerprint of each part; every row belongs to one of them."""
    table = find_table(connection, folder, "events")
    found = dict(connection.execute(table.parts_query).fetchall())
    used = {part for (part,) in connection.execute(f"select part from ({table.query})").fetchall()}
    assert used <= set(found)
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}


def test_the_parts_of_a_folder_are_its_files(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first, second = (tmp_path / "events" / f"{name}.csv" for name in ("first", "second"))
    write(first, event(1, "2024-01-01"), event(2, "2024-01-02"))
    write(second, event(3, "2024-01-01"))
    before = parts(connection, tmp_path)
    assert set(before) == {str(first), str(second)}
    assert parts(connection, tmp_path) == before
    # Of the same size, and with the times of the old one.
    stat = second.stat()
    write(second, event(4, "2024-01-01"))
    os.utime(second, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert changed(before, parts(connection, tmp_path)) == {str(second)}
    second.unlink()
    assert changed(before, parts(connection, tmp_path)) == {str(second)}


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_the_parts_of_a_single_file_are_dates(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, ending: str
) -> None:
    def deliver(*rows: str) -> dict[str, str]:
        write(tmp_path / "rows", *rows)
        options = "(format json)" if ending == "jsonl" else f"(format {ending})"
        connection.execute(
            f"copy (from read_csv('{tmp_path}/rows', all_varchar = true)) "
            f"to '{tmp_path}/events.{ending}' {options}"
        )
        return parts(connection, tmp_path)

    rows = event(1, "2024-01-01 23:59:59"), event(2, "2024-01-02"), event(3, "no time")
    before = deliver(*rows)
    assert set(before) == {"2024-01-01", "2024-01-02", "unknown"}
    assert deliver(*reversed(rows)) == before
    other_name = rows[0].replace("task_done", "task_undone")
    assert changed(before, deliver(other_name, *rows[1:])) == {"2024-01-01"}
    assert changed(before, deliver(*rows, rows[1])) == {"2024-01-02"}
    moved = event(1, "2024-01-02 23:59:59")
    assert changed(before, deliver(moved, *rows[1:])) == {"2024-01-01", "2024-01-02"}


@pytest.mark.parametrize("place", ["events.csv", "events/all.csv"])
def test_the_parts_are_dates_of_arrival_where_rows_bear_them(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, place: str
) -> None:
    header = HEADER + ",received_at"
    rows = [event(1, "2024-01-01") + ",2024-01-05 10:00", event(2, "2024-01-01") + ",2024-01-06"]
    write(tmp_path / place, *rows, header=header)
    before = parts(connection, tmp_path)
    assert set(before) == {"2024-01-05", "2024-01-06"}
    late = event(3, "2023-12-01") + ",2024-01-07"
    write(tmp_path / place, *rows, late, header=header)
    assert changed(before, parts(connection, tmp_path)) == {"2024-01-07"}
    same_date = event(4, "2024-01-01") + ",2024-01-05 11:00"
    write(tmp_path / place, *rows, same_date, header=header)
    assert changed(before, parts(connection, tmp_path)) == {"2024-01-05"}


def test_known_parts_are_not_read_again_before_a_build(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "events" / "sound.csv", event(1, "2024-01-01"))
    write(tmp_path / "events" / "broken.csv", event(1, "2024-01-01"), 'e2,"ann,task_done')
    table = find_table(connection, tmp_path, "events")
    known = dict(connection.execute(table.parts_query).fetchall())
    with pytest.raises(UnreadableFiles):
        list(empty_columns(connection, table, {}))
    with pytest.raises(UnreadableFiles):
        list(empty_columns(connection, table, known | {str(tmp_path / "events/broken.csv"): "old"}))
    assert list(empty_columns(connection, table, known)) == []


def test_a_folder_named_by_arrival_has_files_for_parts(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "events" / "received_at=2024-01-06" / "a.csv"
    file.parent.mkdir(parents=True)
    write(file, event(1, "2024-01-01"))
    before = parts(connection, tmp_path)
    assert set(before) == {str(file)}
    write(file, event(2, "2024-01-01"))
    assert changed(before, parts(connection, tmp_path)) == {str(file)}


def test_rows_that_bear_no_time_of_arrival_are_told_apart(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = HEADER + ",received_at"
    write(tmp_path / "events.csv", event(1, "2024-01-01") + ",", header=header)
    before = parts(connection, tmp_path)
    assert set(before) == {"unknown"}
    write(tmp_path / "events.csv", event(2, "2024-01-01") + ",", header=header)
    assert changed(before, parts(connection, tmp_path)) == {"unknown"}


def test_file_names_are_no_patterns(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for number, name in enumerate(["day[1].csv", "day1.csv", "day*.csv", "day?.csv"]):
        write(tmp_path / "events" / name, event(number, "2024-01-01"))
    table = find_table(connection, tmp_path, "events")
    rows = connection.execute(f"select part, event_id from ({table.query})").fetchall()
    assert {Path(part).name: event_id for part, event_id in rows} == {
        "day[1].csv": "e0",
        "day1.csv": "e1",
        "day*.csv": "e2",
        "day?.csv": "e3",
    }
    assert len(rows) == 4
