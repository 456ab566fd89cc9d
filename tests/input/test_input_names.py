"""Columns that segments.csv names, and columns that input_columns.csv calls otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.input.names import named_inputs
from plg.input.raw_tables import InputProblem, find_table, find_tables
from tests.input.files import FORMS, USER_COLUMNS, USERS, write, write_text

SEGMENT_HEADER = "segment_type,source_table,source_column,max_values,bounds\n"
NAME_HEADER = "table_name,column_name,source_column\n"


def name(definitions: Path, segments: str = "", names: str = "") -> dict:
    """The register of inputs with these rows of both definitions."""
    (definitions / "segments.csv").write_text(SEGMENT_HEADER + segments)
    (definitions / "input_columns.csv").write_text(NAME_HEADER + names)
    return named_inputs(definitions)


def rows(connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict, columns: str) -> list:
    table = find_table(connection, folder, "users", inputs)
    return connection.execute(f"select {columns} from ({table.query}) order by user_id").fetchall()


def problem(connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict) -> str:
    with pytest.raises(InputProblem) as raised:
        find_table(connection, folder, "users", inputs)
    return str(raised.value)


@pytest.mark.parametrize("form", FORMS)
def test_further_columns_come_along_as_text(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path, form: str
) -> None:
    users = [(*USERS[0], " de ", "x"), (*USERS[1], "NULL", None)]
    write(tmp_path / f"users{form}", (*USER_COLUMNS, "country", "not named"), users)
    inputs = name(definitions, "land,users,Country,,\n")
    found = rows(connection, tmp_path, inputs, 'user_id, country, "not named"')
    assert found == [("007", "de", "x"), ("u2", None, None)]


@pytest.mark.parametrize("form", FORMS)
def test_columns_may_have_other_names(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path, form: str
) -> None:
    names = {"user_id": "id", "plan_tier": "Plan", "created_at": "signed up"}
    columns = [names.get(column, column) for column in USER_COLUMNS]
    write(tmp_path / f"users{form}", columns, USERS)
    inputs = name(
        definitions,
        "plan,users,plan,,\n",
        "users,user_id,id\nusers,plan_tier,Plan\nusers,created_at,signed up\n",
    )
    found = rows(
        connection, tmp_path, inputs, "user_id, plan_tier, plan, cast(created_at as varchar)"
    )
    assert found == [
        ("007", "free", "free", "2024-01-01 10:00:00"),
        ("u2", None, None, "2024-02-29 23:59:59.123456"),
    ]


def test_a_value_is_read_by_the_rules_of_its_own_name(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    """17.0 is the id 17, whatever its column is called; it is text in any other column."""
    columns = ["number" if c == "user_id" else c for c in USER_COLUMNS]
    users = [("17.0", *USERS[0][1:])]
    write(tmp_path / "users.csv", [*columns, "note"], [(*row, "17.0") for row in users])
    inputs = name(definitions, "note,users,note,,\n", "users,user_id,number\n")
    assert rows(connection, tmp_path, inputs, "user_id, note") == [("17", "17.0")]


def test_another_name_wins_over_a_column_of_the_own_name(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    write(tmp_path / "users.csv", [*USER_COLUMNS, "id"], [(*row, f"x{row[0]}") for row in USERS])
    inputs = name(definitions, names="users,user_id,id\n")
    assert rows(connection, tmp_path, inputs, "user_id") == [("x007",), ("xu2",)]


def test_folders_may_name_a_further_column(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    for country, row in zip(("de", "fr"), USERS, strict=True):
        write(tmp_path / "users" / f"country={country}" / "a.csv", USER_COLUMNS, [row])
    inputs = name(definitions, "country,users,country,,\n")
    assert rows(connection, tmp_path, inputs, "country") == [("de",), ("fr",)]


def test_files_may_have_different_further_columns(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "a.csv", [*USER_COLUMNS, "country"], [(*USERS[0], "de")])
    write(tmp_path / "users" / "b.jsonl", [*USER_COLUMNS, "city"], [(*USERS[1], "Lyon")])
    inputs = name(definitions, "country,users,country,,\n")
    assert rows(connection, tmp_path, inputs, "country, city") == [("de", None), (None, "Lyon")]


def test_a_key_behind_the_first_lines_is_found(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    line = '{"user_id": "u%s", "created_at": "2024-01-01", "plan_tier": "", "account_id": "", '
    line += '"install_source": "", "invited_by": ""%s}\n'
    lines = [line % (number, "") for number in range(21000)]
    write_text(tmp_path / "users.jsonl", "".join([*lines, line % ("x", ', "country": "de"')]))
    inputs = name(definitions, "country,users,country,,\n")
    assert rows(connection, tmp_path, inputs, "country")[-1] == ("de",)


@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_column_is_answered_with_those_that_are_there(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path, form: str
) -> None:
    write(tmp_path / f"users{form}", [*USER_COLUMNS, "Country"], [(*row, "de") for row in USERS])
    said = problem(connection, tmp_path, name(definitions, "size,users,size,,\n"))
    for word in ("segments.csv: users has no column size; it has ", "plan_tier", "country"):
        assert word in said
    said = problem(connection, tmp_path, name(definitions, names="users,user_id,id\n"))
    for word in (
        "column user_id is missing",
        "users has ",
        "country",
        "input_columns.csv",
    ):
        assert word in said
    said = problem(connection, tmp_path, name(definitions, names="users,updated_at,changed\n"))
    for word in (
        "input_columns.csv: users has no column changed",
        "which should be updated_at",
        "country",
    ):
        assert word in said


def test_numbers_need_bounds(
    connection: duckdb.DuckDBPyConnection, definitions: Path, tmp_path: Path
) -> None:
    write(tmp_path / "users.csv", USER_COLUMNS, USERS)
    connection.execute(
        f"copy (select *, 2.5::double as seats, true as is_paying from '{tmp_path}/users.csv') "
        f"to '{tmp_path}/users.parquet'"
    )
    (tmp_path / "users.csv").unlink()
    said = problem(connection, tmp_path, name(definitions, "seats,users,seats,,\n"))
    assert "the column seats of users is a double" in said
    assert "write bounds" in said
    inputs = name(definitions, "seats,users,seats,,1;11\npaying,users,is_paying,,\n")
    found = rows(connection, tmp_path, inputs, "seats, is_paying")
    assert found == [("2.5", "true"), ("2.5", "true")]
    said = problem(connection, tmp_path, name(definitions, "day,users,created_at,,\n"))
    assert "created_at of users is a timestamp" in said


def test_accounts_may_be_absent_and_have_few_columns(
    connection: duckdb.DuckDBPyConnection, definitions: Path, raw_dir: Path
) -> None:
    inputs = name(definitions, "industry,accounts,industry,,\n")
    query = "select account_id, plan_tier, industry from ({})"
    table = find_table(connection, raw_dir, "accounts", inputs)
    assert connection.execute(query.format(table.query)).fetchall() == []
    write(raw_dir / "accounts.csv", ["account_id", "industry"], [("a.0", "toys"), ("7.0", "")])
    tables, problems = find_tables(connection, raw_dir, inputs=inputs)
    assert problems == []
    (table,) = (table for table in tables if table.name == "accounts")
    found = connection.execute(query.format(table.query)).fetchall()
    assert found == [("a.0", None, "toys"), ("7", None, None)]
