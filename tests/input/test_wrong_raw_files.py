"""What is said of raw files that can't be read."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.input.files import (
    COLUMNS,
    EVENT_COLUMNS,
    EVENTS,
    FORMS,
    USER_COLUMNS,
    USERS,
    as_text,
    read,
    write,
    write_text,
    wrong,
)

HEADER = ",".join(USER_COLUMNS) + "\n"
USER = "u1,a,2024-01-01,free,web,\n"
MANY_USERS = HEADER + USER * 100_000

WRONG_RAW = {
    "nothing": ("users.csv", "", ("column user_id, account_id", "missing", "first line")),
    "nothing, packed": ("users.csv.gz", "", ("column user_id, account_id", "missing")),
    "no parquet": ("users.parquet", "PAR1", ("this parquet file can't be read", "export it again")),
    "no object": ("users.jsonl", "\n", ("column user_id, account_id", "missing")),
    "header only": ("users.csv", HEADER, ("there are no users", "put at least one row")),
    "semicolons": ("users.csv", MANY_USERS.replace(",", ";"), ("missing", "separated by commas")),
    "column missing": (
        "users.csv",
        (HEADER + USER).replace("plan_tier", "plan"),
        ("column plan_tier is missing", "may be empty, not absent"),
    ),
    "column twice": (
        "users.csv",
        HEADER.replace("plan_tier", "User_ID") + USER,
        ("column user_id", "more than once", "keep the one"),
    ),
    "key missing": ("users.jsonl", '{"user_id": 1}\n', ("account_id, created_at", "is missing")),
    "no time": (
        "users.csv",
        MANY_USERS.replace("2024-01-01", "01/31/2024"),
        ("column created_at: no value can be read", "ISO timestamp"),
    ),
    "no id": (
        "users.csv",
        MANY_USERS.replace("u1", '""'),
        ("column user_id: no value can be read", "text"),
    ),
    "comma without quotes, and line ends in them": (
        "users.csv",
        HEADER + 'u1,"a\nb",2024-01-01,,,\n' + "u2,acme,2024-01-01,,web,ads,\n",
        ("line 4 can't be read: 7 cells", "more cells than names", "double quotes"),
    ),
    "UTF-16": ("users.csv", MANY_USERS.encode("utf-16"), ("this is UTF-16; export it as UTF-8",)),
    "packed, and no ending of it": (
        "users.jsonl",
        gzip.compress(b"{}"),
        ("this is packed; end its name in .gz",),
    ),
    "key of another spelling, late": (
        "users.jsonl",
        (line := json.dumps(dict.fromkeys(USER_COLUMNS, "2024-01-01")) + "\n") * 30_000
        + line.replace("invited_by", "Invited_By"),
        ("the key Invited_By is spelled otherwise", "in one way"),
    ),
    "cell missing": (
        "users.csv",
        HEADER + "u1,a\n" + USER,
        ("line 2 can't be read: 2 cells", "has 6 names", "unreadable_rows_allowed"),
    ),
    "backslash before a quote": (
        "users.csv",
        HEADER + 'u1,"{\\"a\\": 1}",2024-01-01,,,\n',
        ("line 2 can't be read: wrong quotes", "double each quote"),
    ),
    "broken object": (
        "users.jsonl",
        '{"user_id": \n',
        ("line 1 can't be read: broken JSON", "one object a"),
    ),
    "list of objects": ("users.jsonl", '[{"user_id": 1},\n{"user_id": 2}]\n', ("one object a",)),
}


@pytest.mark.parametrize(("place", "data", "words"), WRONG_RAW.values(), ids=WRONG_RAW)
def test_wrong_raw_file_is_named(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    place: str,
    data: str | bytes,
    words: tuple[str, ...],
) -> None:
    write_text(tmp_path / place, data)
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(f"{tmp_path / place}: ")
    for word in words:
        assert word in sentence


def test_packed_file_that_breaks_off_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    packed = gzip.compress(MANY_USERS.encode())
    path = tmp_path / "users.csv.gz"
    for data in (b"no gzip", packed[:30], packed[:-20]):
        path.write_bytes(data)
        assert wrong(connection, tmp_path).startswith(f"{path}: it can't be read (")


def test_broken_file_of_a_folder_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for n in range(3):
        write(tmp_path / "users" / f"{n}.csv", USER_COLUMNS, USERS)
    broken = tmp_path / "users" / "1.csv"
    write_text(broken, HEADER + "u1\n")
    assert wrong(connection, tmp_path).startswith(f"{broken}: line 2 can't be read: 1 cells")
    write(broken, ("user_id", "plan_tier"), [("u1", "free")])
    assert wrong(connection, tmp_path).startswith(f"{broken}: column created_at is missing; ")


def test_json_keys_of_two_spellings_are_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "lines" / "users.jsonl"
    line = json.dumps(dict(zip(USER_COLUMNS, USERS[1], strict=True))) + "\n"
    other = line.replace("invited_by", "Invited_By")
    for lines in (f"{line}{other}" * 3, line * 10_000 + other, f"{other}{line}"):
        write_text(path, lines)
        sentence = wrong(connection, tmp_path / "lines")
        assert sentence.startswith(f"{path}: the key ")
        for word in ("invited_by", "Invited_By", "in one way"):
            assert word in sentence
    # Files are looked at one by one, however long the first is.
    folder = tmp_path / "files" / "users"
    write_text(folder / "1.jsonl", line * 30_000)
    write_text(folder / "2.jsonl.gz", other)
    sentence = wrong(connection, tmp_path / "files")
    for word in (f"{folder / '2.jsonl.gz'}: ", f"invited_by in {folder / '1.jsonl'}; "):
        assert word in sentence
    # Another spelling in all lines is no matter, and neither is that of a key that is not read.
    write_text(path, other + other.replace("{", '{"Note": 1, "note": 2, ', 1))
    assert as_text(read(connection, tmp_path / "lines", "users")) == as_text([USERS[1]] * 2)


def test_table_that_lies_there_twice_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users.parquet", USER_COLUMNS, USERS)
    write(tmp_path / "users.old.csv", USER_COLUMNS, USERS)
    assert len(read(connection, tmp_path, "users")) == 2
    write(tmp_path / "USERS.csv", USER_COLUMNS, USERS)
    sentence = wrong(connection, tmp_path)
    for word in (str(tmp_path), "more than once", "USERS.csv, users.parquet", "keep the one"):
        assert word in sentence


def test_folder_that_is_missing_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sentence = wrong(connection, tmp_path / "nowhere")
    for word in (f"{tmp_path / 'nowhere'}: ", "no such folder", "PLG_RAW_DIR", "users.parquet"):
        assert word in sentence


@pytest.mark.parametrize("name", ["4.tsv", "part-00001", "d=1/part-00000", "2.txt", "2.json.zst"])
def test_file_of_a_folder_that_would_not_be_read_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    write_text(tmp_path / "users" / name, "x")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", f": {name}; ", ".parquet, .csv", "move away"):
        assert word in sentence


def test_packed_files_in_a_folder_are_to_be_unpacked(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    write_text(tmp_path / "users" / "2.csv.zip", "x")
    assert f"{tmp_path / 'users'} holds 2.csv.zip: unpack it" in wrong(connection, tmp_path)


def test_link_that_leads_nowhere_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    (tmp_path / "users" / "2.csv").symlink_to(tmp_path / "gone.csv")
    assert ": 2.csv; " in wrong(connection, tmp_path)


def test_many_files_that_would_not_be_read_are_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for number in range(9):
        write_text(tmp_path / "users" / f"part-{number}", "x")
    assert ": part-0, part-1, part-2 and 6 more; " in wrong(connection, tmp_path)


@pytest.mark.parametrize("name", ["2.parquet", "2.csv.gz", "2.jsonl.gz"])
def test_file_of_a_folder_that_has_lost_its_content_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    (tmp_path / "users" / name).touch()
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "empty", f": {name}; ", "deliver"):
        assert word in sentence


def test_table_that_is_missing_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "users.tsv", "")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "no file or folder", "users.parquet, users.csv"):
        assert word in sentence
    write_text(tmp_path / "users" / "_SUCCESS", "")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "no data", ".parquet, .csv"):
        assert word in sentence


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", ["user_id", "event_name", "timestamp"])
def test_column_without_a_value_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str, column: str
) -> None:
    place = EVENT_COLUMNS.index(column)
    rows = [(*row[:place], "", *row[place + 1 :]) for row in EVENTS]
    write(tmp_path / f"events{form}", EVENT_COLUMNS, rows)
    sentence = wrong(connection, tmp_path, "events")
    assert sentence.startswith(f"{tmp_path}/events{form}: column {column}: no value can be read; ")


@pytest.mark.parametrize("form", [".parquet", ".csv"])
def test_no_users_stop_a_build_and_no_events_do_not(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    for name, columns in COLUMNS.items():
        write(tmp_path / f"{name}{form}", columns, [])
    assert read(connection, tmp_path, "events") == []
    sentence = wrong(connection, tmp_path, "users")
    assert sentence == f"{tmp_path}/users{form}: there are no users; put at least one row in"


def test_parquet_column_that_stands_twice_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users.parquet"
    write(path, (*USER_COLUMNS, "User_IX"), [(*row, None) for row in USERS])
    assert len(read(connection, tmp_path, "users")) == len(USERS)
    path.write_bytes(path.read_bytes().replace(b"User_IX", b"User_ID"))
    sentence = wrong(connection, tmp_path)
    for word in (f"{path}: ", "column user_id", "more than once"):
        assert word in sentence


def test_folder_without_the_right_to_read_it_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    write(tmp_path / "users" / "closed" / "2.csv", USER_COLUMNS, USERS)
    scan = os.scandir

    def refuse(place: str | Path) -> Any:
        if Path(place).name == "closed":  # As for a user other than root.
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(f"{tmp_path / 'users' / 'closed'}: this folder can't be read (Perm")


def test_file_with_a_name_that_is_no_text_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "1.csv", USER_COLUMNS, USERS)
    (tmp_path / "users" / os.fsdecode(b"caf\xe9.csv")).touch()
    assert "no UTF-8; rename it" in wrong(connection, tmp_path)
