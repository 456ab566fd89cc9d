"""Compares two versions of a table, cell by cell, and says in sentences where they differ.

It is the only comparison of the project: the oracle, the replay, Spark, PostgreSQL and the
benchmark use it. Rows are matched by key, in any order. Doubles may differ by a billionth of their
size; everything else is equal or not, and null equals null only.

    with open_databases(ours="target/plg.duckdb", theirs="old.duckdb") as connection:
        mart_differences(connection, "ours.marts.{}".format, "theirs.marts.{}".format)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plg.marts import read_marts

RELATIVE_TOLERANCE = 1e-9
# A double below it is zero: a formula that should cancel out may leave a rounding error.
ABSOLUTE_TOLERANCE = 1e-12


def mart_differences(
    connection: duckdb.DuckDBPyConnection,
    expected: Callable[[str], str],
    actual: Callable[[str], str],
    *,
    names: Iterable[str] | None = None,
    omitted: str = "",
    limit: int = 5,
) -> list[str]:
    """Compares marts; each mart's key comes from the register of marts.

    Args:
        connection: one that can read both sides.
        expected: gives the relation of a mart that is right, from the mart's name.
        actual: gives the relation of a mart that is checked, from the mart's name.
        names: the marts to compare; all marts of the register where None.
        omitted: regular expression of columns that the checked side may lack.
        limit: how many examples of each kind of difference to name.

    Returns:
        Sentences, mart by mart; empty where all cells agree. A mart that can't be read is a
        difference.

    Raises:
        KeyError: a name is not in the register.
    """
    register = read_marts()
    found = []
    for name in register if names is None else names:
        key = register[name].key
        try:
            found += differences(
                connection,
                name,
                key,
                expected(name),
                actual(name),
                omitted=omitted,
                limit=limit,
            )
        except (duckdb.CatalogException, duckdb.IOException) as error:
            found.append(f"{name}: it can't be read: {str(error).splitlines()[0]}")
    return found


def differences(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    key: Sequence[str],
    expected: str,
    actual: str,
    *,
    omitted: str = "",
    limit: int = 5,
) -> list[str]:
    """Compares two relations.

    Args:
        connection: one that can read both relations.
        name: what the sentences call the table.
        key: the columns that tell its rows apart.
        expected: what is right, as an expression that SQL allows after `from`.
        actual: what is checked, likewise.
        omitted: regular expression of columns that `actual` may lack.
        limit: how many examples of each kind of difference to name.

    Returns:
        Sentences; empty where all cells agree.
    """
    pair = _Pair(
        connection=connection,
        key=tuple(key),
        expected=expected,
        actual=actual,
        expected_types=_column_types(connection, expected),
        actual_types=_column_types(connection, actual),
        limit=limit,
    )
    found = _column_differences(pair, omitted)
    # Without its key, no row can be told from another.
    if set(key) <= pair.actual_types.keys():
        found += _row_differences(pair) + _cell_differences(pair)
    return [f"{name}: {sentence}" for sentence in found]


@contextmanager
def open_databases(
    *, threads: int | None = None, **databases: str | Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads DuckDB files, each under the name that it is given.

    Args:
        threads: how many the connection may use; DuckDB's default where None.
        databases: paths by the name that SQL uses.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        if threads:
            connection.execute(f"set threads = {threads}")
        for name, path in databases.items():
            escaped = str(path).replace("'", "''")
            connection.execute(f"attach '{escaped}' as {name} (read_only)")
        yield connection


@dataclass(frozen=True)
class _Pair:
    """Two relations and what is known of them."""

    connection: duckdb.DuckDBPyConnection
    key: tuple[str, ...]
    expected: str
    actual: str
    expected_types: dict[str, str]
    actual_types: dict[str, str]
    limit: int

    @property
    def shared(self) -> list[str]:
        """The columns of both sides."""
        return [name for name in self.expected_types if name in self.actual_types]

    @property
    def joined(self) -> str:
        """All rows of both sides, matched by key."""
        same_key = " and ".join(
            f"expected.{column} is not distinct from actual.{column}" for column in self.key
        )
        return (
            f"(select *, true as is_there from {self.expected}) as expected full join "
            f"(select *, true as is_there from {self.actual}) as actual on {same_key}"
        )

    @property
    def either_key(self) -> str:
        return ", ".join(f"coalesce(expected.{c}, actual.{c})" for c in self.key)

    def fetch(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def describe(self, values: Iterable[object]) -> str:
        """Names a row by its key."""
        return ", ".join(f"{c} {value}" for c, value in zip(self.key, values, strict=True))


def _column_differences(pair: _Pair, omitted: str) -> list[str]:
    missing = pair.expected_types.keys() - pair.actual_types.keys()
    if omitted:
        matches = "select regexp_full_match(?, ?)"
        missing = {
            name
            for name in missing
            if not pair.connection.execute(matches, [name, omitted]).fetchone()[0]
        }
    surplus = pair.actual_types.keys() - pair.expected_types.keys()
    return (
        [f"column {name} is missing" for name in sorted(missing)]
        + [f"column {name} is not expected" for name in sorted(surplus)]
        + _type_differences(pair)
    )


def _type_differences(pair: _Pair) -> list[str]:
    """Columns whose values can't be equal, whatever SQL would cast them to."""
    doubtful = [
        name
        for name in pair.shared
        if _kind(pair.expected_types[name]) != _kind(pair.actual_types[name])
    ]
    # A file gives a column without a value any type.
    return [
        f"column {name} should be {pair.expected_types[name]} and is {pair.actual_types[name]}"
        for name in doubtful
        if pair.fetch(f"select count({name}) from {pair.actual}")[0][0]
    ]


def _row_differences(pair: _Pair) -> list[str]:
    found = []
    for side, relation in (("expected", pair.expected), ("found", pair.actual)):
        rows = pair.fetch(
            f"select {', '.join(pair.key)} from {relation} group by all having count(*) > 1 "
            f"order by all limit {pair.limit}"
        )
        found += [f"{pair.describe(row)} is {side} more than once" for row in rows]
    for side, other in (("missing", "actual"), ("not expected", "expected")):
        rows = pair.fetch(
            f"select {pair.either_key} from {pair.joined} where {other}.is_there is null "
            f"order by all limit {pair.limit}"
        )
        found += [f"{pair.describe(row)} is {side}" for row in rows]
    return found


def _cell_differences(pair: _Pair) -> list[str]:
    columns = [name for name in pair.shared if name not in pair.key]
    if not columns:
        return []
    tests = {name: _differ(pair, name) for name in columns}
    in_both = f"from {pair.joined} where expected.is_there and actual.is_there"
    # One pass says which columns differ; only those are read again.
    (counts,) = pair.fetch(
        f"select {', '.join(f'count(*) filter ({test})' for test in tests.values())} {in_both}"
    )
    found = []
    for name, count in zip(columns, counts, strict=True):
        if count:
            rows = pair.fetch(
                f"select expected.{name}, actual.{name}, {pair.either_key} {in_both} "
                f"and {tests[name]} order by {pair.either_key} limit {pair.limit}"
            )
            found += [
                f"{pair.describe(key)}: {name} should be {should_be} and is {is_now} "
                f"({count:,} rows differ in it)"
                for should_be, is_now, *key in rows
            ]
    return found


def _column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {name: data_type for name, data_type, *_ in rows}


def _kind(data_type: str) -> str:
    """What values of a type can be compared with."""
    if data_type in {"FLOAT", "DOUBLE"} or "INT" in data_type or data_type.startswith("DECIMAL"):
        return "number"
    return "timestamp" if data_type.startswith("TIMESTAMP") else data_type


def _differ(pair: _Pair, column: str) -> str:
    """A condition that holds where the two values of a column differ."""
    types = pair.expected_types[column], pair.actual_types[column]
    expected, actual = f"expected.{column}", f"actual.{column}"
    if _kind(types[0]) != _kind(types[1]):
        return f"cast({expected} as varchar) is distinct from cast({actual} as varchar)"
    if "DOUBLE" not in types:
        return f"{expected} is distinct from {actual}"
    return (
        f"({expected} is distinct from {actual} and ({expected} is null or {actual} is null "
        f"or not isfinite(cast({expected} as double)) or not isfinite(cast({actual} as double)) "
        f"or abs({expected} - {actual}) > {ABSOLUTE_TOLERANCE} "
        f"+ {RELATIVE_TOLERANCE} * greatest(abs({expected}), abs({actual}))))"
    )
