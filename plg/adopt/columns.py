"""Which columns of users and accounts could be segments: columns of few values, and sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from duckdb import DuckDBPyConnection
from pydantic import ValidationError

from plg.adopt.facts import Query
from plg.adopt.names import NO_SEGMENT_ENDINGS, is_personal, is_size, snake_case
from plg.definitions.input_names import NUMBER, SEGMENTS, SHIPPED, Segment
from plg.input.raw_tables import find_table, read_table
from plg.input.sql import literal
from plg.input.unreadable import RowTables
from plg.inputs import read_inputs

LEAST_VALUES, MOST_VALUES = 2, 50
LEAST_FILLED = Fraction(50, 100)
# Of the rows that have a value.
MOST_OF_ONE_VALUE = Fraction(95, 100)
MOST_DISTINCT = Fraction(10, 100)
BOUNDS = "1;11;51;201;1001"
# A size of more values gets these bounds.
MOST_SIZES_AS_WORDS = 20
MOST_SEGMENTS = 6

# The tables of each vendor that hold the traits of users, the best first; and columns that are no traits.
TRAIT_TABLES = {
    "segment": ("users", "identifies"),
    "mixpanel": ("people",),
    "posthog": ("persons",),
}
PROPERTIES = ("properties", "$properties")
NO_TRAITS = {
    *("id", "user_id", "anonymous_id", "received_at", "sent_at", "timestamp", "original_timestamp"),
    *("uuid", "uuid_ts", "loaded_at", "channel", "event", "event_text", "distinct_id", "version"),
}

STATISTICS_SQL = f"""
    with texts as (select cast({{value}} as varchar) as value from ({{rows}})),
    counts as (select value, count(*) as row_count from texts group by value)
    select
        coalesce(sum(row_count), 0),
        coalesce(sum(row_count) filter (where value is not null), 0),
        count(value),
        coalesce(max(row_count) filter (where value is not null), 0),
        coalesce(bool_and(regexp_full_match(value, '{NUMBER}')) filter (where value is not null), false),
        coalesce(bool_or(contains(value, '@')), false),
        coalesce(bool_and(regexp_matches(value, '^([0-9]{{{{4}}}}-[0-9]{{{{2}}}}-[0-9]{{{{2}}}}|[{{{{\\[])')), false)
    from counts
"""


def percent(share: Fraction) -> str:
    """A share for people to read."""
    return f"{float(100 * share):g} %"


@dataclass(frozen=True)
class Column:
    """A column of users or accounts, and what it holds.

    Attributes:
        table: users or accounts.
        name: of the column.
        rows: of the table.
        filled: rows with a value.
        values: different values.
        largest: rows with the value of most rows.
        is_number: whether every value is a number.
        has_addresses: whether a value has an @.
        is_no_word: whether every value is a date, a list or an object.
    """

    table: str
    name: str
    rows: int
    filled: int
    values: int
    largest: int
    is_number: bool
    has_addresses: bool
    is_no_word: bool

    @property
    def fill(self) -> Fraction:
        """The share of rows with a value."""
        return Fraction(self.filled, self.rows) if self.rows else Fraction(0)

    @property
    def is_size(self) -> bool:
        """Whether it is a number that says how large a customer is."""
        return self.is_number and is_size(self.name) and self.values > MOST_SIZES_AS_WORDS

    def why_not(self) -> str:
        """Why it is no segment, in a few words; empty where it could be one."""
        for ending in NO_SEGMENT_ENDINGS:
            if self.name.endswith(ending):
                return f"its name ends in {ending}"
        if is_personal(self.name) or self.has_addresses:
            return "looks like personal data"
        if self.fill < LEAST_FILLED:
            return f"filled in less than {percent(LEAST_FILLED)} of the rows"
        if self.is_size:
            return ""
        if self.is_number:
            return "a number"
        if self.is_no_word:
            return "a date, a list or an object"
        if self.values < LEAST_VALUES:
            return "one value only"
        if self.values > MOST_VALUES:
            return f"more than {MOST_VALUES} values"
        if Fraction(self.largest, self.filled) > MOST_OF_ONE_VALUE:
            return f"one value has more than {percent(MOST_OF_ONE_VALUE)} of the filled rows"
        if Fraction(self.values, self.rows) > MOST_DISTINCT:
            return f"more values than {percent(MOST_DISTINCT)} of the rows"
        return ""


@dataclass(frozen=True)
class SegmentColumn:
    """A proposed segment type.

    Attributes:
        type: its name.
        column: where its values come from.
        bounds: of numbers; empty for words.
    """

    type: str
    column: Column
    bounds: str


def canonical_columns(connection: DuckDBPyConnection, folder: Path) -> list[Column]:
    """The further columns of the files of users and accounts, read as a build reads them.

    Args:
        connection: takes tables of files with rows that can't be read.
        folder: the folder that PLG_RAW_DIR names.
    """
    row_tables = RowTables(connection, "raw", 1.0)
    found = []
    for name in ("users", "accounts"):
        table = read_inputs().get(name)
        if table is None or not table.takes_further:
            continue
        there = {
            column.lower()
            for call in find_table(connection, folder, name, row_tables=row_tables).calls
            for column in call.there
        }
        further = dict.fromkeys(sorted(there - set(table.columns)), True)
        wanted = {name: replace(table, further=further)}
        read, _ = read_table(connection, folder, name, {}, wanted, row_tables)
        found += columns_of(
            lambda sql: connection.execute(sql).fetchall(), name, read.query, _quoted(further)
        )
    return found


def vendor_columns(query: Query, source: str, schema: str, known: Iterable[str]) -> list[Column]:
    """The traits of a vendor's table of users: its columns, or the keys of its properties.

    Args:
        query: gives the rows of a query on a build of the export.
        source: the vendor.
        schema: of the raw views.
        known: the traits that are columns of users anyway.
    """
    for name in TRAIT_TABLES.get(source, ()):
        types = dict(
            query(
                "select column_name, data_type from information_schema.columns where table_schema = "
                f"{literal(schema)} and table_name = {literal(f'{source}_{name}')}"
            )
        )
        rows = f'select * from "{schema}"."{source}_{name}"'
        left_out = {*known, *NO_TRAITS}
        nested = next((column for column in PROPERTIES if column in types), None)
        if nested:
            found = query(
                f"select distinct unnest(json_keys(try_cast({nested} as json))) from ({rows}) order by 1"
            )
            keys = [key for (key,) in found if not key.startswith("$") and key not in left_out]
            path = '$."{}"'.format
            values = {
                key: f"json_extract_string(try_cast({nested} as json), {literal(path(key))})"
                for key in filter(None, keys)
            }
            return columns_of(query, "users", rows, values)
        names = [
            column
            for column in types
            if column not in left_out and not column.startswith(("plg_", "context_"))
        ]
        if names:
            return columns_of(query, "users", rows, _quoted(sorted(names)))
    return []


def columns_of(query: Query, table: str, rows: str, values: Mapping[str, str]) -> list[Column]:
    """What some columns hold.

    Args:
        query: gives the rows of a query.
        table: users or accounts.
        rows: a query of the table's rows.
        values: the names of the columns, each with its value in SQL.
    """
    return [
        Column(table, name, *query(STATISTICS_SQL.format(value=value, rows=rows))[0])
        for name, value in values.items()
        if '"' not in name
    ]


def _quoted(names: Iterable[str]) -> dict[str, str]:
    return {name: f'"{name}"' for name in names}


def segments(columns: list[Column]) -> list[SegmentColumn]:
    """The segment types beside the shipped ones: those that are filled best, then by name."""
    fitting = [column for column in columns if not column.why_not()]
    fitting.sort(key=lambda column: (-column.fill, column.name, column.table))
    found: list[SegmentColumn] = []
    for column in fitting:
        bounds = BOUNDS if column.is_size else ""
        taken = {*SHIPPED, *(each.type for each in found)}
        for name in _names(column):
            if name not in taken and _is_sound(name, column, bounds):
                found.append(SegmentColumn(name, column, bounds))
                break
    return found[:MOST_SEGMENTS]


def _names(column: Column) -> Iterator[str]:
    """The column's name, else with that of its table."""
    plain = snake_case(column.name)
    yield plain
    yield f"{column.table.removesuffix('s')}_{plain}"


def _is_sound(name: str, column: Column, bounds: str) -> bool:
    """Whether segments.csv may have this row."""
    cells = {
        "segment_type": name,
        "source_table": column.table,
        "source_column": column.name,
        "max_values": "",
        "bounds": bounds,
    }
    try:
        row = Segment.model_validate(cells)
    except ValidationError:
        return False
    return not any(SEGMENTS.contradictions([(1, row)]))
