"""What segments.csv and input_columns.csv say about the raw tables' columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plg.definitions.definition import read_rows
from plg.definitions.input_names import INPUT_COLUMNS, SEGMENTS
from plg.inputs import Input, read_inputs, without_login
from plg.reading import reading

if TYPE_CHECKING:
    from plg.input.forms import Call

# Types whose text differs between engines.
WITHOUT_A_TEXT = ("float", "decimal", "date", "timestamp", "instant", "nested")
MOST_NAMED = 40


def named_inputs(definitions_dir: Path, *, anonymous_users: bool = False) -> dict[str, Input]:
    """The register of inputs with the columns and names that the definitions give.

    Args:
        definitions_dir: folder of the definition CSVs. Rows that are wrong are left out: the check of
            the definitions says so.
        anonymous_users: whether PLG_ANONYMOUS_USERS makes devices users.
    """
    found = without_login(read_inputs()) if anonymous_users else dict(read_inputs())
    segments, _ = read_rows(definitions_dir / f"{SEGMENTS.name}.csv", SEGMENTS)
    renamed, _ = read_rows(definitions_dir / f"{INPUT_COLUMNS.name}.csv", INPUT_COLUMNS)
    for _, row in segments:
        table = found.get(row.source_table)
        if table:
            column = row.source_column.lower()
            has_bounds = bool(row.bounds.strip()) and table.further.get(column, True)
            further = {**table.further, column: has_bounds}
            found[table.name] = replace(table, further=further)
    for _, row in renamed:
        table = found.get(row.table_name)
        if table and row.column_name in table.columns:
            sources = {**table.sources, row.column_name: row.source_column.lower()}
            found[table.name] = replace(table, sources=sources)
    return found


def with_further_columns(table: Input, calls: list[Call]) -> Input:
    """The table with every further column that its files have."""
    further = sorted({name for call in calls for name in call.further})
    return replace(
        table,
        columns={**table.columns, **dict.fromkeys(further, "string")},
        may_be_absent=(*table.may_be_absent, *further),
    )


def wrong_names(table: Input, calls: list[Call]) -> Iterator[str]:
    """A sentence for each wrong name that the definitions give for a table, without a full stop.

    Args:
        table: with its further columns.
        calls: what reads its files.
    """
    there = list(dict.fromkeys(name for call in calls for name in call.there))
    for column, source in table.sources.items():
        if source not in there and not any(column in call.types for call in calls):
            yield (
                f"input_columns.csv: {table.name} has no column {source}, which should be {column}; "
                f"it has {listed(there)}"
            )
    for column, has_bounds in table.further.items():
        kinds = [call.types[column] for call in calls if column in call.types]
        if not kinds:
            yield f"segments.csv: {table.name} has no column {column}; it has {listed(there)}"
        if table.columns.get(column, "string") != "string":
            yield (
                f"segments.csv: the column {column} of {table.name} is a {table.columns[column]}; write a column "
                "of text, booleans or numbers into source_column"
            )
            continue
        wrong = [kind for kind in kinds if reading("duckdb").kind(kind) in WITHOUT_A_TEXT]
        if wrong and not has_bounds:
            yield (
                f"segments.csv: the column {column} of {table.name} is a {wrong[0].lower()}, and its text "
                "differs between engines; deliver it as text or as a whole number, or write bounds"
            )


def listed(names: Iterable[str]) -> str:
    """Names for a sentence; of many, only the first."""
    shown = list(names)
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return ", ".join(shown[:MOST_NAMED]) + more
