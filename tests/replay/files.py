"""Raw files of a table: rows are written as parquet, CSV or lines of JSON."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

Row = dict[str, object]

TIME_COLUMNS = ("created_at", "updated_at", "timestamp", "received_at")
# One cell of a CSV with several columns, and no JSON.
UNREADABLE_LINE = "{half a row\n"


def write_rows(
    path: Path, columns: Sequence[str], rows: Sequence[Row], unreadable_count: int = 0
) -> None:
    """Writes the rows in the form that the path's ending names, and makes its folder.

    Args:
        path: of the file.
        columns: of the file.
        rows: what can be read.
        unreadable_count: lines of a CSV or of JSON that can't be read, behind the rows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith(".parquet"):
        write_parquet(path, columns, rows)
        return
    as_lines = as_csv if ".csv" in path.suffixes else as_jsonl
    content = (as_lines(columns, rows) + UNREADABLE_LINE * unreadable_count).encode()
    # Without the time of writing, the same rows give the same bytes.
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_parquet(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    values = [[as_timestamp_or_text(row.get(c), c) for row in rows] for c in columns]
    unnested = ", ".join(
        f'unnest(${number}::varchar[]) as "{column}"'
        for number, column in enumerate(columns, start=1)
    )
    typed = ", ".join(
        f'cast("{c}" as timestamp) as "{c}"' if c in TIME_COLUMNS else f'"{c}"' for c in columns
    )
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(
            f"copy (select {typed} from (select {unnested})) to '{path}' (format parquet)", values
        )


def as_timestamp_or_text(value: object, column: str) -> str | None:
    """Text that can be cast to the column's type; what is no timestamp becomes null."""
    if isinstance(value, datetime):
        return value.isoformat()
    return None if column in TIME_COLUMNS else value


def as_text(value: object) -> object:
    return value.isoformat(" ") if isinstance(value, datetime) else value


def as_csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([as_text(row.get(column)) for column in columns])
    return text.getvalue()


def as_jsonl(columns: Sequence[str], rows: Sequence[Row]) -> str:
    return "".join(json.dumps({c: as_text(row.get(c)) for c in columns}) + "\n" for row in rows)
