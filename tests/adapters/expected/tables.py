"""The tables of an export, found by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.adapters.expected.values import Row

Tables = Mapping[str, Sequence[Row]]


def lowered(tables: Tables) -> dict[str, list[Row]]:
    """The tables by their names in small letters; a header all in capitals is lowered."""
    return {name.lower(): [*map(dict, lower_header(rows))] for name, rows in tables.items()}


def lower_header(rows: Sequence[Row]) -> Sequence[Row]:
    names = {name for row in rows for name in row}
    if not names or any(name != name.upper() for name in names):
        return rows
    return [{name.lower(): value for name, value in row.items()} for row in rows]


def first_table(tables: Tables, *names: str) -> list[Row] | None:
    """The first that is there; None where none is."""
    return next(([*tables[name]] for name in names if name in tables), None)
