"""segments.csv and input_columns.csv: what the columns of the raw tables are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Annotated

import yaml
from pydantic import BaseModel

from plg.definitions.cells import matching, one_of, or_blank
from plg.definitions.definition import Definition, Rows
from plg.inputs import read_inputs
from plg.settings import PROJECT

RESERVED = ("all", "acquisition_type")
# The mart users always has these columns. As shipped, they are segment types.
SHIPPED = ("install_source", "plan_tier")
MOST_TYPES = 12
USERS_MART = PROJECT / "models" / "marts" / "users" / "users.yml"
NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"

# It becomes a column of the mart users.
Name = Annotated[
    str,
    matching(
        r"[a-z_][a-z0-9_]{0,62}",
        "write a name of small letters a to z, digits and _, such as company_size; it becomes a column "
        "of the mart users",
    ),
]
# SQL writes it between quotes of several kinds.
Column = Annotated[
    str,
    matching(
        r"[^\s'\"`\\\[\]]([^'\"`\\\r\n\[\]]*[^\s'\"`\\\[\]])?",
        "write the name of a column, without quotes, backslashes, or spaces before or after it",
    ),
]
MaxValues = Annotated[
    int,
    matching(
        r"0*([1-9][0-9]{0,2}|1000)", "write a whole number from 1 to 1000, or leave it blank: 20"
    ),
]


def bounds_of(text: str) -> list[str]:
    """The bounds of a cell, as they are written, without the spaces around them."""
    return [bound.strip() for bound in text.split(";")] if text.strip() else []


def _ascending_numbers(text: str) -> bool:
    bounds = bounds_of(text)
    if not all(re.fullmatch(NUMBER, bound) for bound in bounds):
        return False
    numbers = [Decimal(bound) for bound in bounds]
    return all(one < following for one, following in pairwise(numbers))


class Segment(BaseModel):
    segment_type: Name
    source_table: one_of("users", "accounts")
    source_column: Column
    max_values: or_blank(MaxValues, 20)
    bounds: str


class InputColumn(BaseModel):
    table_name: str
    column_name: str
    source_column: Column


@cache
def _own_columns() -> set[str]:
    """The columns of the mart users that are no segment types."""
    (mart,) = yaml.safe_load(USERS_MART.read_text("utf-8"))["models"]
    return {column["name"] for column in mart["columns"]} - set(SHIPPED)


def _segment_problems(rows: Rows) -> Iterator[str]:
    if len(rows) > MOST_TYPES:
        yield f"it has {len(rows)} segment types; keep {MOST_TYPES} at most"
    for line, row in rows:
        place = f"row {line}, column segment_type: {row.segment_type!r}"
        if row.segment_type in RESERVED:
            yield f"{place} always exists; write another name, or delete the row"
        elif row.segment_type in _own_columns():
            yield f"{place} is already another column of the mart users; write another name"
        if not _ascending_numbers(row.bounds):
            yield (
                f"row {line} ({row.segment_type}), column bounds: {row.bounds!r}; write numbers, each above "
                "the one before it, with ; between them, such as 1;11;51, or leave it blank"
            )


def _input_column_problems(rows: Rows) -> Iterator[str]:
    tables = read_inputs()
    for line, row in rows:
        table = tables.get(row.table_name)
        if table is None:
            yield (
                f"row {line}, column table_name: {row.table_name!r}; write one of: {', '.join(tables)}"
            )
        elif row.column_name not in table.columns:
            yield (
                f"row {line}, column column_name: {row.column_name!r} is no column of the table {table.name}; "
                f"write one of: {', '.join(table.columns)}"
            )


SEGMENTS = Definition("segments", Segment, keys=(("segment_type",),), problems=_segment_problems)
INPUT_COLUMNS = Definition(
    "input_columns",
    InputColumn,
    keys=(("table_name", "column_name"),),
    problems=_input_column_problems,
)
DEFINITIONS = (SEGMENTS, INPUT_COLUMNS)
