"""The raw files as rows: values are text or instants; what can't be read is None.

DuckDB decodes parquet files and computes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

import duckdb

from tests.oracle.text_files import read_text_file
from tests.oracle.values import (
    MICROSECOND,
    TIME_COLUMNS,
    UNIX_EPOCH,
    is_id,
    read_amount,
    read_number,
    read_value,
)

Row = dict[str, object]

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
PARQUET_ENDINGS = (".parquet", ".parquet.gz", ".parquet.zst")
JSON_ENDINGS = tuple(f".{name}{gz}" for name in ("jsonl", "ndjson", "json") for gz in ("", ".gz"))
ENDINGS = (*PARQUET_ENDINGS, ".csv", ".csv.gz", *JSON_ENDINGS)
NO_COLUMNS: Mapping[str, str | None] = MappingProxyType({})


class RawUser(NamedTuple):
    user_id: str | None
    account_id: str | None
    created_at: datetime | None
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None
    updated_at: datetime | None
    received_at: datetime | None
    # Where the row was read, seen from the folder of the raw files; None: made of events.
    file: str | None
    # What the columns hold that a segment reads, as text.
    further: Mapping[str, str | None] = NO_COLUMNS

    @property
    def true_at(self) -> datetime | None:
        """When the row was true."""
        return self.updated_at if self.updated_at is not None else self.received_at


class RawEvent(NamedTuple):
    event_id: str | None
    user_id: str | None
    event_name: str | None
    timestamp: datetime | None
    properties: str | None
    received_at: datetime | None
    file: str
    anonymous_id: str | None = None
    raw_event_name: str | None = None


class RawAlias(NamedTuple):
    alias_id: str | None
    user_id: str | None
    aliased_at: datetime | None
    file: str


class RawAccount(NamedTuple):
    account_id: str | None
    created_at: datetime | None
    account_name: str | None
    seat_count: int | None
    trial_started_at: datetime | None
    trial_ends_at: datetime | None
    file: str
    further: Mapping[str, str | None] = NO_COLUMNS


class RawSubscription(NamedTuple):
    """A period of constant price."""

    subscription_id: str | None
    started_at: datetime | None
    monthly_amount: Decimal | None
    account_id: str | None
    user_id: str | None
    ended_at: datetime | None
    file: str


class RawHistory(NamedTuple):
    """What a metric was in a week, by some version of the definitions."""

    definitions_version: str | None
    observed_until_at: datetime | None
    metric_id: str | None
    # A date that is given as a time.
    week_start_date: datetime | None
    value: Decimal | None
    file: str

    @property
    def week(self) -> date | None:
        return self.week_start_date and self.week_start_date.date()


RawRow = RawUser | RawEvent | RawAlias | RawAccount | RawSubscription | RawHistory
# Columns of these tables that hold numbers.
NUMBERS = {"monthly_amount": read_amount, "value": read_number}


def column_of(row: RawUser | RawAccount, column: str) -> str | None:
    """What a column of the table holds, as text."""
    if column not in row._fields:
        return row.further.get(column)
    value = getattr(row, column)
    return None if value is None else str(value)


@dataclass
class RawTable:
    """The rows of a table, and how many rows of each file can't be read."""

    rows: list = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)


class TooManyUnreadableRows(ValueError):
    """More rows of a file can't be read than the build allows."""


def read_raw_table(
    raw_dir: Path,
    name: str,
    row_type: type[RawRow],
    allowed_share: Fraction,
    *,
    further: Sequence[str] = (),
    sources: Mapping[str, str] = NO_COLUMNS,
    is_optional: bool = False,
    more_files: Sequence[Path] = (),
) -> RawTable:
    """Reads a table, whatever form it has.

    Args:
        raw_dir: folder of the raw tables.
        name: the table's.
        row_type: what its rows are.
        allowed_share: how many rows of a file may be unreadable.
        further: columns beside those of the row's type, which a segment reads.
        sources: what the files call a column, where they call it otherwise.
        is_optional: whether the table may be absent.
        more_files: files elsewhere that hold rows of it, too.

    Raises:
        FileNotFoundError: it is not there.
        TooManyUnreadableRows: of a file, a greater share than the allowed one.
        ValueError: it is there in two forms.
    """
    table = RawTable()
    own = [column for column in row_type._fields if column not in ("file", "further")]
    columns = {column: sources.get(column, column) for column in (*own, *further)}
    files = {path: path.relative_to(raw_dir) for path in raw_files(raw_dir, name, is_optional)}
    for path, file in (files | {path: path for path in more_files}).items():
        partition = {
            key: None if value == HIVE_NULL else unquote(value)
            for key, is_partition, value in (folder.partition("=") for folder in file.parts[:-1])
            if is_partition
        }
        row_count = 0
        is_parquet = path.name.endswith(PARQUET_ENDINGS)
        for record in read_parquet(path, columns) if is_parquet else read_text_file(path):
            row_count += 1
            if record is None:
                table.unreadable[str(file)] += 1
                continue
            values = {**record, **partition}
            read = {
                column: read_cell(column, values.get(columns[column]), is_own=column in own)
                for column in columns
            }
            rest = {"further": {column: read[column] for column in further}} if further else {}
            table.rows.append(row_type(**{c: read[c] for c in own}, file=str(file), **rest))
        if table.unreadable[str(file)] > allowed_share * row_count:
            raise TooManyUnreadableRows(
                f"{file}: {table.unreadable[str(file)]} of {row_count} rows can't be read"
            )
    return table


def read_cell(
    column: str, value: str | float | None, *, is_own: bool
) -> str | datetime | int | Decimal | None:
    """A value of a column; one that only a segment reads holds no number."""
    if is_own and column in NUMBERS:
        return NUMBERS[column](value)
    return read_value(column, value)


def raw_files(raw_dir: Path, name: str, is_optional: bool = False) -> list[Path]:
    single = [raw_dir / f"{name}{ending}" for ending in ENDINGS]
    found = [path for path in single if path.is_file()]
    folder = raw_dir / name
    if folder.is_dir():
        # Sorted, so that the run is the same on every file system.
        found += sorted(path for path in folder.rglob("*") if path.name.endswith(ENDINGS))
    if not found and not is_optional:
        raise FileNotFoundError(f"{raw_dir} has no {name}.parquet, .csv, .jsonl or folder {name}/")
    if len(found) > 1 and any(path in single for path in found):
        raise ValueError(f"{raw_dir} has {name} in more than one form: {found}")
    return found


def read_parquet(path: Path, columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows by the names in the file, of the columns that are its values."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        source = "from read_parquet(?, hive_partitioning = false)"
        schema = connection.execute(f"describe {source}", [str(path)]).fetchall()
        types = {column: type_name for column, type_name, *_ in schema}
        decoded = {
            source_column: decode(column, source_column, types[source_column])
            for column, source_column in columns.items()
            if source_column in types
        }
        if not decoded:
            (count,) = connection.execute(f"select count(*) {source}", [str(path)]).fetchone()
            yield from ({} for _ in range(count))
            return
        result = connection.execute(f"select {', '.join(decoded.values())} {source}", [str(path)])
        for values in result.fetchall():
            yield {
                column: UNIX_EPOCH + value * MICROSECOND if isinstance(value, int) else value
                for column, value in zip(decoded, values, strict=True)
            }


def decode(column: str, source_column: str, type_name: str) -> str:
    """Microseconds since 1970 for a typed instant, a double for an id that is one, else text."""
    if column in TIME_COLUMNS:
        if type_name == "TIMESTAMP_NS":
            # Cut, not rounded: no instant moves into the next microsecond, over a boundary.
            return f'epoch_ns("{source_column}") // 1000'
        if type_name == "TIMESTAMP WITH TIME ZONE":
            return f'epoch_us("{source_column}")'
        if type_name.startswith(("TIMESTAMP", "DATE")):
            return f'epoch_us(cast("{source_column}" as timestamp))'
    if is_id(column) and type_name in ("DOUBLE", "FLOAT"):
        return f'"{source_column}"'
    return f'cast("{source_column}" as varchar)'
