"""In which forms and places raw files may lie, and how they are read."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.input.files import (
    COLUMNS,
    FORMS,
    ROWS,
    USER_COLUMNS,
    USERS,
    as_text,
    read,
    write,
    write_text,
)


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(
    "place",
    [
        *("{}.parquet", "{}.csv", "{}.csv.gz", "{}.jsonl", "{}.jsonl.gz"),
        *("{}.PARQUET", "{}.CSV.GZ", "{}/part-0.parquet", "{}/a/b/x.csv", "{}/year=2024/x.jsonl"),
    ],
)
@pytest.mark.parametrize("folder", ["raw", "it's a [folder] *é", "plan_tier=x/event_name=y"])
def test_every_form_reads_the_same_rows(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, place: str, folder: str
) -> None:
    write(tmp_path / folder / place.format(name), COLUMNS[name], ROWS[name])
    assert as_text(read(connection, tmp_path / folder, name)) == as_text(ROWS[name])


@pytest.mark.parametrize("form", FORMS)
def test_columns_are_found_by_name(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ["my Note", *(column.upper() for column in reversed(USER_COLUMNS))]
    rows = [("50%", *reversed(row)) for row in USERS]
    write(tmp_path / f"users{form}", columns, rows)
    assert as_text(read(connection, tmp_path, "users")) == as_text(USERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("user_id", "\ufeffuser_id", id="byte order mark"),
        pytest.param("\n", "\r\n", id="CRLF"),
        pytest.param("\n", "\r", id="CR"),
        pytest.param("\n", "\n\n", id="blank lines"),
        pytest.param("plan_tier", " Plan_Tier ", id="spaces and capitals in the header"),
    ],
)
def test_every_way_to_write_a_raw_csv_is_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, old: str, new: str
) -> None:
    rows = [("#007", 'a, "b"', "2024-01-01 10:00:00", None, "", "é"), ("u2", *[None] * 5)]
    write(tmp_path / "users.csv", USER_COLUMNS, rows)
    text = (tmp_path / "users.csv").read_text()
    assert old in text
    write_text(tmp_path / "users.csv", text.replace(old, new))
    # In a CSV, an empty cell in quotes is a blank cell.
    blanked = [tuple(value or None for value in row) for row in rows]
    assert as_text(read(connection, tmp_path, "users")) == as_text(blanked)


def test_files_of_a_folder_may_differ_in_form_columns_and_their_order(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "users"
    write(folder / "1.parquet", USER_COLUMNS, USERS[:1])
    write(folder / "2.csv", ("created_at", "note", "user_id"), [("2024-01-02", "x", "u2")])
    write(folder / "y=1" / "3.jsonl.gz", ("user_id", "created_at"), [("u3", "2024-01-03")])
    write(folder / "4.parquet", ("created_at", "user_id"), [("2024-01-04", "u4")])
    write(folder / "readme.csv", USER_COLUMNS, USERS[1:])
    no_data = ("_SUCCESS", ".6.csv", "_temporary/7.csv", ".hidden/8.csv", "Notes.md", "README.txt")
    for name in (*no_data, ".1.parquet.crc", "y=1/_committed_1", "y=1/.DS_Store"):
        write_text(folder / name, "user_id\nx\n")
    write_text(folder / "9.csv", "")
    others = [(f"u{n}", None, f"2024-01-0{n} 00:00:00", None, None, None) for n in (2, 3, 4)]
    assert as_text(read(connection, tmp_path, "users")) == as_text(USERS + others)


def test_links_are_followed(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "x.csv", USER_COLUMNS, USERS)
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "users.csv").symlink_to(tmp_path / "elsewhere" / "x.csv")
    (tmp_path / "folder" / "users").mkdir(parents=True)
    (tmp_path / "folder" / "users" / "part").symlink_to(tmp_path / "elsewhere")
    for folder in ("file", "folder"):
        assert as_text(read(connection, tmp_path / folder, "users")) == as_text(USERS)


@pytest.mark.parametrize("form", FORMS)
def test_partitions_are_columns(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("user_id", "account_id", "created_at", "install_source", "invited_by")
    for place in ("plan_tier=pro plus", "plan_tier=007", "plan_tier=__HIVE_DEFAULT_PARTITION__"):
        row = (place, None, "2024-01-01", None, None)
        write(tmp_path / "users" / place / f"part{form}", columns, [row])
    # Here the file has the column, too: the partition is taken.
    row = ("both", None, "2024-01-01", None, None, "free")
    write(tmp_path / "users" / "plan_tier=pro" / f"part{form}", (*columns, "plan_tier"), [row])
    tiers = {row[0]: row[3] for row in read(connection, tmp_path, "users")}
    assert tiers == {
        "plan_tier=pro plus": "pro plus",
        "plan_tier=007": "007",
        "plan_tier=__HIVE_DEFAULT_PARTITION__": None,
        "both": "pro",
    }


@pytest.mark.parametrize("form", FORMS)
def test_partitions_are_those_below_the_table(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
    above = tmp_path / "install_source=above" / "plan_tier=above" / "users"
    write(
        above / "plan_tier=a%20b" / f"1{form}",
        columns,
        [("u1", None, "2024-01-01", "own", "web", None)],
    )
    write(
        above / "Plan_Tier=pro" / "more=x" / f"2{form}",
        columns,
        [("u2", None, "2024-01-01", "own", "ads", None)],
    )
    rows = read(connection, above.parent, "users")
    assert {row[0]: (row[3], row[4]) for row in rows} == {
        "u1": ("a b", "web"),
        "u2": ("pro", "ads"),
    }


@pytest.mark.parametrize("form", [".parquet", ".csv"])
def test_time_of_a_file_is_more_than_that_of_its_folder(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("event_id", "user_id", "event_name", "timestamp", "properties")
    own = ("e1", "u1", "login", "2024-01-02 13:00:00", None)
    write(tmp_path / "events" / "timestamp=2024-01-02" / f"own{form}", columns, [own])
    without = (*columns[:3], columns[4])
    write(
        tmp_path / "events" / "timestamp=2024-01-03" / f"x{form}",
        without,
        [("e2", "u1", "login", None)],
    )
    times = {row[0]: row[3] for row in read(connection, tmp_path, "events")}
    assert times == {"e1": datetime(2024, 1, 2, 13), "e2": datetime(2024, 1, 3)}


def test_link_that_leads_round_is_followed_once(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "more" / "1.csv", USER_COLUMNS, USERS)
    (tmp_path / "users" / "more" / "again").symlink_to(tmp_path / "users")
    assert len(read(connection, tmp_path, "users")) == len(USERS)


def test_json_keys_may_be_rare_and_awkward(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    number = "12345678901234567890123"
    common = f'\n{{"user_id": {number}, "created_at": "2024-01-01", "it\'s": 1, "": 2}}\n'
    last = dict(zip(USER_COLUMNS, USERS[0], strict=True), user_id="last")
    write_text(tmp_path / "users.jsonl", common * 25_000 + json.dumps(last))
    rows = read(connection, tmp_path, "users")
    assert len(rows) == 25_001
    found = {row[0]: row for row in rows}
    assert as_text([found["last"]]) == as_text([("last", *USERS[0][1:])])
    assert found[number][1] is None
