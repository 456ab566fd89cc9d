"""Raw tables of a warehouse whose values have every form, and what create_raw_views has to read from them.

tests/input/test_warehouse_values.py reads them on DuckDB, `plg compare` on PostgreSQL and on Spark.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.input.values import CASES

SOURCE_SCHEMA = "values_source"
RAW_SCHEMA = "values_read"
TIMES = ("created_at", "updated_at", "timestamp", "received_at")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """A raw table, and what its view has to hold.

    Attributes:
        name: of the table.
        columns: each with its type, as the engine names it; the first one tells the rows apart.
        rows: SQL expressions.
        expected: for each row the values of these columns.
    """

    name: str
    columns: dict[str, str]
    rows: list[list[str]]
    expected: list[Row]

    def statement(self, using: str = "") -> str:
        """The SQL that makes the table.

        Args:
            using: what stands behind the name of a new table.
        """
        names = [f"c{n}" for n in range(len(self.columns))]
        casts = ", ".join(
            f"cast({value} as {kind}) as {column}"
            for value, (column, kind) in zip(names, self.columns.items(), strict=True)
        )
        values = ", ".join(f"({', '.join(row)})" for row in self.rows)
        return (
            f"create table {SOURCE_SCHEMA}.{self.name} {using} as select {casts} "
            f"from (values {values}) as v ({', '.join(names)})"
        )


def _literal(text: str | None, engine: str) -> str:
    if text is None:
        return "null"
    if engine == "spark":
        text = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + (text if engine == "spark" else text.replace("'", "''")) + "'"


def tables_of_text(engine: str) -> list[Table]:
    """Users and events whose columns are all text: each case as an id, as text, as a word, as a time."""
    kind = "string" if engine == "spark" else "text"
    forms = {
        "users": {
            "user_id": "", "account_id": "as_id", "plan_tier": "as_word", "install_source": "as_word",
            "invited_by": "as_id", "created_at": "as_time", "updated_at": "as_time",
        },
        "events": {
            "user_id": "", "event_id": "as_id", "event_name": "as_text", "properties": "as_text",
            "timestamp": "as_time", "received_at": "as_time",
        },
    }  # fmt: skip
    return [
        Table(
            name,
            dict.fromkeys(columns, kind),
            [
                [f"'{n}'", *[_literal(case.text, engine)] * (len(columns) - 1)]
                for n, case in enumerate(CASES)
            ],
            [
                (str(n), *(getattr(case, form) for form in columns.values() if form))
                for n, case in enumerate(CASES)
            ],
        )
        for name, columns in forms.items()
    ]


# A column's values in a type of its own, each with what is read. Of times, PostgreSQL and DuckDB have
# infinite ones. DATE, TIMESTAMP and INSTANT stand for the engine's type.
NATIVE_USERS = {
    "account_id": ("DOUBLE", [
        ("7", "7"), ("7.5", "7.5"), ("9007199254740991", "9007199254740991"), ("-0.0", "0"),
        ("100000000000000000000", "100000000000000000000"), ("'NaN'", None), ("'Infinity'", None),
        ("'-Infinity'", None),
    ]),
    "plan_tier": ("DECIMAL(30, 2)", [
        ("7.00", "7"), ("7.50", "7.50"), ("-0.00", "0"), ("1234567890123456789012345.00", "1234567890123456789012345"),
    ]),
    "install_source": ("BOOLEAN", [("true", "true"), ("false", "false")]),
    "invited_by": ("BIGINT", [("17", "17"), ("9223372036854775807", "9223372036854775807"), ("-1", "-1")]),
    "created_at": ("BIGINT", [
        ("1704103200", "2024-01-01 10:00:00"), ("1704103200123", "2024-01-01 10:00:00.123000"),
        ("1704103200123456", "2024-01-01 10:00:00.123456"), ("20240101", "2024-01-01"), ("0", None),
        ("-1704103200", None), ("631151999", None), ("9223372036854775807", None),
    ]),
    "updated_at": ("INSTANT", [
        ("'2024-01-01 12:00:00.123456+02'", "2024-01-01 10:00:00.123456"),
        ("'1990-01-01 00:59:59+01'", None), ("'1990-01-01 01:00:00+01'", "1990-01-01"),
    ]),
    "received_at": ("DATE", [("'2024-01-01'", "2024-01-01"), ("'1989-12-31'", None), ("'0001-01-01'", None)]),
}  # fmt: skip
NATIVE_EVENTS = {
    "event_id": ("DECIMAL(38, 0)", [("7", "7"), ("9" * 38, "9" * 38)]),
    "event_name": ("DATE", [("'2024-01-31'", "2024-01-31")]),
    "timestamp": ("DOUBLE", [
        ("1704103200", "2024-01-01 10:00:00"), ("1704103200.5", None), ("'NaN'", None), ("'Infinity'", None),
        ("1704103200123456", "2024-01-01 10:00:00.123456"), ("-1", None),
    ]),
    "received_at": ("TIMESTAMP", [
        ("'2024-01-01 10:00:00.123456'", "2024-01-01 10:00:00.123456"), ("'1900-01-01'", None),
        ("'9999-12-31 23:59:59.999999'", "9999-12-31 23:59:59.999999"),
    ]),
    "properties": ("JSON", [('{"a": [1, null]}', '{"a":[1,null]}'), ("{}", "{}")]),
}  # fmt: skip
INFINITE = [("'infinity'", None), ("'-infinity'", None)]
NATIVE_TYPES = {
    "duckdb": {"INSTANT": "timestamptz"},
    "postgres": {"INSTANT": "timestamptz", "DOUBLE": "double precision", "JSON": "jsonb"},
    "spark": {"INSTANT": "timestamp", "TIMESTAMP": "timestamp_ntz", "JSON": "string"},
}


def tables_of_types(engine: str) -> list[Table]:
    """Users and events whose columns have types of the engine."""
    return [
        _native("users", NATIVE_USERS, engine),
        _native("events", NATIVE_EVENTS, engine),
    ]


def _native(
    name: str, columns: dict[str, tuple[str, list[tuple[str, str | None]]]], engine: str
) -> Table:
    values = {}
    for column, (kind, pairs) in columns.items():
        more = INFINITE if kind in ("DATE", "TIMESTAMP", "INSTANT") and engine != "spark" else []
        if kind == "JSON" and engine == "spark":
            pairs = [(text, text) for text, _ in pairs]  # Text there, which stays as it is.
        values[column] = [*pairs, *(more if column in TIMES else [])]
    types = {
        column: NATIVE_TYPES[engine].get(kind, kind.lower())
        for column, (kind, _) in columns.items()
    }
    # All rows of `values` have to have one type: text, which a cast reads.
    rows, expected = [], []
    for n in range(max(map(len, values.values()))):
        row = [pairs[n] if n < len(pairs) else (None, None) for pairs in values.values()]
        texts = [None if sql is None else sql.strip("'") for sql, _ in row]
        rows.append([f"'{n}'", *(_literal(text, engine) for text in texts)])
        read = (
            datetime.fromisoformat(value) if value and column in TIMES else value
            for column, (_, value) in zip(columns, row, strict=True)
        )
        expected.append((str(n), *read))
    return Table(name, {"user_id": "integer", **types}, rows, expected)


def differences(
    engine: str,
    run: Callable[[str], Any],
    make_views: Callable[[], Any],
    fetch: Callable[[str, Sequence[str]], list[Row]],
    using: str = "",
) -> list[str]:
    """What create_raw_views reads otherwise than it should.

    Args:
        engine: duckdb, postgres or spark.
        run: runs a statement.
        make_views: runs create_raw_views, from SOURCE_SCHEMA to RAW_SCHEMA.
        fetch: gives the rows of a relation, in these columns.
        using: what stands behind the name of a new table.

    Returns:
        A sentence for each value; empty where all are right.
    """
    found: list[str] = []
    for tables in (tables_of_text(engine), tables_of_types(engine)):
        for schema in (RAW_SCHEMA, SOURCE_SCHEMA):
            run(f"drop schema if exists {schema} cascade")
        run(f"create schema {SOURCE_SCHEMA}")
        for table in tables:
            run(table.statement(using))
        make_views()
        for table in tables:
            rows = fetch(f"{RAW_SCHEMA}.{table.name}", list(table.columns))
            found += _wrong_values(table, {row[0]: row for row in rows})
    return found


def _wrong_values(table: Table, rows: dict[str, Row]) -> Iterator[str]:
    """What differs from what is expected. Engines write the same JSON with and without blanks."""
    columns = list(table.columns)
    if len(rows) != len(table.expected):
        yield f"{table.name}: {len(rows)} rows in place of {len(table.expected)}"
    for given, expected in zip(table.rows, table.expected, strict=True):
        row = rows.get(expected[0], ())
        for column, sql, right, value in zip(columns, given, expected, row, strict=bool(row)):
            if value != right and not _same_json(table.columns[column], value, right):
                yield (
                    f"{table.name}.{column} ({table.columns[column]}): {sql} is read as {value!r}, "
                    f"not as {right!r}"
                )


def _same_json(kind: str, value: str | None, right: str | None) -> bool:
    if not kind.startswith("json") or value is None or right is None:
        return False
    return json.loads(value) == json.loads(right)
