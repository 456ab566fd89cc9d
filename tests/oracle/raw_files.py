"""The raw files as rows: values are text or instants; what can't be read is None.

DuckDB decodes parquet files and computes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import duckdb

from tests.oracle.text_files import read_text_file
from tests.oracle.values import MICROSECOND, TIME_COLUMNS, UNIX_EPOCH, is_id, read_value

Row = dict[str, object]

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
ENDINGS = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")


class RawUser(NamedTuple):
    user_id: str | None
    account_id: str | None
    created_at: datetime | None
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None
    updated_at: datetime | None
    received_at: datetime | None
    # Where the row was read, seen from the folder of the raw files.
    file: str

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


@dataclass
class RawTable:
    """The rows of a table, and how many rows of each file can't be read."""

    rows: list = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)


class TooManyUnreadableRows(ValueError):
    """More rows of a file can't be read than the build allows."""


def read_raw_table(
    raw_dir: Path, name: str, row_type: type[RawUser | RawEvent], allowed_share: Fraction
) -> RawTable:
    """Reads a table, whatever form it has.

    Raises:
        FileNotFoundError: it is not there.
        TooManyUnreadableRows: of a file, a greater share than the allowed one.
        ValueError: it is there in two forms.
    """
    table = RawTable()
    columns = [column for column in row_type._fields if column != "file"]
    for path in raw_files(raw_dir, name):
        file = path.relative_to(raw_dir)
        partition = {
            key: None if value == HIVE_NULL else unquote(value)
            for key, is_partition, value in (folder.partition("=") for folder in file.parts[:-1])
            if is_partition
        }
        row_count = 0
        records = read_parquet(path, columns) if path.suffix == ".parquet" else read_text_file(path)
        for record in records:
            row_count += 1
            if record is None:
                table.unreadable[str(file)] += 1
                continue
            values = {**record, **partition}
            read = [read_value(column, values.get(column)) for column in columns]
            table.rows.append(row_type(*read, str(file)))
        if table.unreadable[str(file)] > allowed_share * row_count:
            raise TooManyUnreadableRows(
                f"{file}: {table.unreadable[str(file)]} of {row_count} rows can't be read"
            )
    return table


def raw_files(raw_dir: Path, name: str) -> list[Path]:
    single = [raw_dir / f"{name}{ending}" for ending in ENDINGS]
    found = [path for path in single if path.is_file()]
    folder = raw_dir / name
    if folder.is_dir():
        # Sorted, so that the run is the same on every file system.
        found += sorted(path for path in folder.rglob("*") if path.name.endswith(ENDINGS))
    if not found:
        raise FileNotFoundError(f"{raw_dir} has no {name}.parquet, .csv, .jsonl or folder {name}/")
    if len(found) > 1 and any(path in single for path in found):
        raise ValueError(f"{raw_dir} has {name} in more than one form: {found}")
    return found


def read_parquet(path: Path, columns: list[str]) -> Iterator[Row]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        source = "from read_parquet(?, hive_partitioning = false)"
        schema = connection.execute(f"describe {source}", [str(path)]).fetchall()
        types = {column: type_name for column, type_name, *_ in schema if column in columns}
        if not types:
            (count,) = connection.execute(f"select count(*) {source}", [str(path)]).fetchone()
            yield from ({} for _ in range(count))
            return
        decoded = ", ".join(decode(column, type_name) for column, type_name in types.items())
        result = connection.execute(f"select {decoded} {source}", [str(path)])
        for values in result.fetchall():
            yield {
                column: UNIX_EPOCH + value * MICROSECOND if isinstance(value, int) else value
                for column, value in zip(types, values, strict=True)
            }


def decode(column: str, type_name: str) -> str:
    """Microseconds since 1970 for a typed instant, a double for an id that is one, else text."""
    if column in TIME_COLUMNS:
        if type_name == "TIMESTAMP_NS":
            # Cut, not rounded: no instant moves into the next microsecond, over a boundary.
            return f'epoch_ns("{column}") // 1000'
        if type_name == "TIMESTAMP WITH TIME ZONE":
            return f'epoch_us("{column}")'
        if type_name.startswith(("TIMESTAMP", "DATE")):
            return f'epoch_us(cast("{column}" as timestamp))'
    if is_id(column) and type_name in ("DOUBLE", "FLOAT"):
        return f'"{column}"'
    return f'cast("{column}" as varchar)'
