"""The raw files as rows: values are text or instants; what can't be read is None.

DuckDB decodes parquet files and computes nothing.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import duckdb

Row = dict[str, object]

MICROSECOND = timedelta(microseconds=1)

USER_COLUMNS = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
EVENT_COLUMNS = ("event_id", "user_id", "event_name", "timestamp", "properties")
INSTANT_COLUMNS = frozenset({"created_at", "timestamp"})
UNIX_EPOCH = datetime(1970, 1, 1)
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
TIMESTAMP_TEXT = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:[T ](\d{2}:\d{2})(?:(:\d{2})(?:\.(\d+))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)


class RawUser(NamedTuple):
    user_id: str | None
    account_id: str | None
    created_at: datetime | None
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None


class RawEvent(NamedTuple):
    event_id: str | None
    user_id: str | None
    event_name: str | None
    timestamp: datetime | None
    properties: str | None


def read_raw_table(raw_dir: Path, name: str, columns: tuple[str, ...]) -> Iterator[list]:
    """The values of `columns`, row by row, whatever form the table has."""
    for path in raw_files(raw_dir, name):
        folders = path.relative_to(raw_dir).parts[:-1]
        partition = {
            key: None if value == HIVE_NULL else unquote(value)
            for key, is_partition, value in (folder.partition("=") for folder in folders)
            if is_partition
        }
        read = read_parquet if path.suffix == ".parquet" else read_text_file
        for row in read(path, columns):
            values = {**row, **partition}
            yield [readable(values.get(column), column in INSTANT_COLUMNS) for column in columns]


def raw_files(raw_dir: Path, name: str) -> list[Path]:
    endings = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
    single = [raw_dir / f"{name}{ending}" for ending in endings]
    found = [path for path in single if path.is_file()]
    folder = raw_dir / name
    if folder.is_dir():
        # Sorted, so that the run is the same on every file system.
        found += sorted(path for path in folder.rglob("*") if path.name.endswith(endings))
    if not found:
        raise FileNotFoundError(f"{raw_dir} has no {name}.parquet, .csv, .jsonl or folder {name}/")
    if len(found) > 1 and any(path in single for path in found):
        raise ValueError(f"{raw_dir} has {name} in more than one form: {found}")
    return found


def read_parquet(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        source = "from read_parquet(?, hive_partitioning = false)"
        schema = connection.execute(f"describe {source}", [str(path)]).fetchall()
        types = {column: type_name for column, type_name, *_ in schema if column in columns}
        decoded = ", ".join(decode(column, type_name) for column, type_name in types.items())
        if decoded:
            result = connection.execute(f"select {decoded} {source}", [str(path)])
            for values in result.fetchall():
                yield dict(zip(types, values, strict=True))


def decode(column: str, type_name: str) -> str:
    """Integers since 1970 for a typed instant, text for all else."""
    if column in INSTANT_COLUMNS:
        if type_name == "TIMESTAMP_NS":
            # Cut, not rounded: no instant moves into the next microsecond, over a boundary.
            return f'epoch_ns("{column}") // 1000'
        if type_name == "TIMESTAMP WITH TIME ZONE":
            return f'epoch_us("{column}")'
        if type_name.startswith(("TIMESTAMP", "DATE")):
            return f'epoch_us(cast("{column}" as timestamp))'
    return f'cast("{column}" as varchar)'


def read_text_file(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    is_gzip = path.suffix == ".gz"
    with (gzip.open if is_gzip else open)(path, "rt", encoding="utf-8-sig", newline="") as lines:
        if ".csv" in path.suffixes:
            yield from csv.DictReader(lines, strict=True)
            return
        for line in lines:
            if line.strip():
                # Numbers and nested values become their JSON text, as a text column would hold.
                yield {
                    column: value
                    if value is None or isinstance(value, str)
                    else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                    for column, value in json.loads(line).items()
                    if column in columns
                }


def readable(value: str | int | None, is_instant: bool) -> str | datetime | None:
    if value is None or value == "":
        return None
    if not is_instant:
        return value
    return read_timestamp(value) if isinstance(value, str) else UNIX_EPOCH + value * MICROSECOND


def read_timestamp(text: str) -> datetime | None:
    """An ISO timestamp as naive UTC; a date is its midnight; None where it can't be read."""
    match = TIMESTAMP_TEXT.fullmatch(text)
    if match is None:
        return None
    day, minutes, seconds, fraction, zone = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{minutes or '00:00'}{seconds or ':00'}")
        instant += int((fraction or "0")[:6].ljust(6, "0")) * MICROSECOND
        if zone not in (None, "Z"):
            offset = datetime.strptime(zone.ljust(5, "0"), "%z").utcoffset()
            instant -= offset
    except (ValueError, OverflowError):
        return None
    return instant
