"""The oracle's rows as tables of DuckDB, so that `plg.compare` can compare them with the marts."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from plg.compare import mart_differences, open_databases
from plg.marts import read_marts
from tests.oracle.raw_files import Row

# Of each type of a contract: the Python types whose values it holds, and its name in DuckDB.
TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "bigint": ((int,), "bigint"),
    "boolean": ((bool,), "boolean"),
    "date": ((date,), "date"),
    "integer": ((int,), "integer"),
    "double": ((float,), "double"),
    "string": ((str,), "varchar"),
    "timestamp": ((datetime,), "timestamp"),
}
# Sentences for people.
NOT_COMPARED_COLUMNS = {"build_warnings": ("example", "message")}
# This mart has a column of text for each segment type; which types there are, a seed says.
MART_WITH_SEGMENTS = "users"


class WrongValue(AssertionError):
    """The oracle computed a value that the mart's column can't hold."""


def oracle_differences(
    database: Path, expected: Mapping[str, list[Row]], *, limit: int = 5
) -> list[str]:
    """Compares all marts of a database with the oracle's.

    Args:
        database: the DuckDB file of a build.
        expected: the rows of each mart, as `compute_marts` gives them.
        limit: how many examples of each kind of difference to name.

    Returns:
        Sentences, as `plg.compare` makes them.

    Raises:
        WrongValue: a value of the oracle is not of the type that the mart's contract promises.
    """
    with open_databases(threads=1, actual=database) as connection:
        load_marts(connection, expected)
        return mart_differences(connection, "expected_{}".format, compared, limit=limit)


def compared(name: str) -> str:
    """What the oracle computes of a mart of the database `actual`, as SQL after `from`."""
    relation = f"actual.marts.{name}"
    if name not in NOT_COMPARED_COLUMNS:
        return relation
    columns = ", ".join(NOT_COMPARED_COLUMNS[name])
    return f"(select * exclude ({columns}) from {relation})"


def load_marts(connection: duckdb.DuckDBPyConnection, expected: Mapping[str, list[Row]]) -> None:
    """Makes a table expected_<mart> of the rows of each mart, with the types of its contract.

    Raises:
        WrongValue: as in `oracle_differences`.
    """
    register = read_marts()
    for name, rows in expected.items():
        omitted = NOT_COMPARED_COLUMNS.get(name, ())
        types = {c: t for c, t in register[name].columns.items() if c not in omitted}
        if name == MART_WITH_SEGMENTS and rows:
            types = {column: types.get(column, "string") for column in rows[0]}
        load(connection, name, rows, types)


def load(
    connection: duckdb.DuckDBPyConnection, name: str, rows: list[Row], types: Mapping[str, str]
) -> None:
    """Makes a table expected_<name> of rows; `types` are those of a contract, by column.

    Raises:
        WrongValue: as in `oracle_differences`.
    """
    columns = ", ".join(f'"{column}" {duckdb_type(types[column])}' for column in types)
    connection.execute(f"create or replace temp table expected_{name} ({columns})")
    if not rows:
        return
    # Read as text and cast to the type: a number of JSON would pass through a double.
    text = ", ".join(f"\"{column}\": 'varchar'" for column in types)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        file.write_text("".join(lines(name, rows, types)), encoding="utf-8")
        connection.execute(
            f"insert into expected_{name} from read_json('{file}', "
            f"format = 'newline_delimited', columns = {{{text}}})"
        )


def lines(name: str, rows: Iterable[Row], types: Mapping[str, str]) -> Iterable[str]:
    """The rows as lines of JSON whose values are text, each checked against its column's type."""
    checks = {column: check_of(data_type) for column, data_type in types.items()}
    for row in rows:
        if row.keys() != types.keys():
            raise WrongValue(
                f"{name}: columns {sorted(row.keys() ^ types.keys())} on one side only"
            )
        for column, value in row.items():
            if value is not None and not checks[column](value):
                raise WrongValue(
                    f"{name}: {column} is {types[column]}, and the oracle has {value!r}"
                )
        texts = {column: None if row[column] is None else str(row[column]) for column in types}
        yield json.dumps(texts, ensure_ascii=False) + "\n"


def check_of(data_type: str) -> Callable[[object], bool]:
    """Says whether a value is one that a column of the type holds, to its last digit."""
    decimals = re.fullmatch(r"decimal\((\d+), (\d+)\)", data_type)
    if decimals:
        scale = -int(decimals[2])
        return lambda value: (
            type(value) is Decimal and value.normalize().as_tuple().exponent >= scale
        )
    accepted = TYPES[data_type][0]
    # By the exact type: a boolean is an int for Python, and a timestamp a date.
    return lambda value: type(value) in accepted


def duckdb_type(data_type: str) -> str:
    """DuckDB's name of a type of a contract."""
    return TYPES[data_type][1] if data_type in TYPES else data_type
