"""The raw files of a random case, in every form that a table may have."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import duckdb

from tests.oracle.random_endings import with_offset
from tests.oracle.random_values import ASTRAL, ID_COLUMNS, INSTANT_COLUMNS, UNREADABLE_INSTANTS, Row


@dataclass(frozen=True)
class Form:
    name: str
    file_type: str
    instant_type: str = "timestamp"
    is_gzipped: bool = False
    part_count: int = 1
    # One column is null throughout, and parquet gives it no other type than that.
    has_null_column: bool = False
    partition: str | None = None


FORMS = (
    Form("parquet", "parquet"),
    Form("csv", "csv"),
    Form("jsonl", "jsonl"),
    Form("folder of parquet files", "parquet", part_count=3, has_null_column=True),
    Form("csv.gz", "csv", is_gzipped=True),
    Form("parquet partitioned by day", "parquet", partition="day"),
    Form("parquet with nanoseconds", "parquet", instant_type="timestamp_ns"),
    Form("jsonl.gz", "jsonl", is_gzipped=True),
    Form("parquet with time zone", "parquet", instant_type="timestamptz"),
    Form("parquet with a column of nulls", "parquet", has_null_column=True),
    Form("folder of csv files", "csv", part_count=2),
    Form("parquet partitioned by event_name", "parquet", partition="event_name"),
    Form("parquet with timestamps as text", "parquet", instant_type="varchar"),
)
NULLABLE_COLUMNS = {"users": ("account_id", "invited_by"), "events": ("event_id", "properties")}
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def in_turning_zones(instant: datetime, index: int) -> str:
    return with_offset((0, 5.5, -8)[index % 3])(instant)


def beyond_microseconds(instant: datetime, index: int) -> str:
    """Seven to nine digits, of which six count."""
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}{'9' * (index % 3 + 1)}"


def as_short_as_can_be(instant: datetime, index: int) -> str:
    """A midnight is a date, a full second has no fraction."""
    is_midnight = instant.time() == datetime.min.time()
    return instant.date().isoformat() if is_midnight else instant.isoformat(" ")


# How the instant in a row of that index is written as text.
TEXT_STYLES: tuple[Callable[[datetime, int], str], ...] = (
    lambda instant, index: f"{instant:%Y-%m-%d %H:%M:%S.%f}",
    lambda instant, index: f"{instant.isoformat()}Z",
    in_turning_zones,
    beyond_microseconds,
    as_short_as_can_be,
)


@dataclass(frozen=True)
class TableWriter:
    raw_dir: Path
    rng: random.Random
    text_style: int
    has_integer_ids: bool

    def write(self, name: str, columns: Sequence[str], rows: list[Row], form: Form) -> None:
        rows = [row | {"note": f'extra, "ignored" {ASTRAL}'} for row in rows]
        columns = self.rng.sample((*columns, "note"), len(columns) + 1)
        if form.has_null_column:
            # In a folder, the first file alone lacks the values, and with them the type.
            null_column = self.rng.choice(NULLABLE_COLUMNS[name])
            rows = [
                row | {null_column: None} if index % form.part_count == 0 else row
                for index, row in enumerate(rows)
            ]
        if form.partition:
            parts = self.partitions(name, rows, form.partition)
        else:
            parts = self.parts(name, rows, form)
        for path, part_rows in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Hive partitions hold the column of their key in the path alone.
            self.write_file(path, [c for c in columns if c != form.partition], part_rows, form)

    def parts(self, name: str, rows: list[Row], form: Form) -> dict[Path, list[Row]]:
        ending = form.file_type + (".gz" if form.is_gzipped else "")
        if form.part_count == 1:
            return {self.raw_dir / f"{name}.{ending}": rows}
        return {
            self.raw_dir / name / f"part-{part}.{ending}": rows[part :: form.part_count]
            for part in range(form.part_count)
        }

    def partitions(self, name: str, rows: list[Row], key: str) -> dict[Path, list[Row]]:
        parts: dict[Path, list[Row]] = {}
        for row in rows:
            if key == "day":
                timestamp = row["timestamp"]
                value = f"{timestamp:%Y-%m-%d}" if isinstance(timestamp, datetime) else HIVE_NULL
            else:
                value = quote(row[key], safe="") if row[key] else HIVE_NULL
            path = self.raw_dir / name / f"{key}={value}" / "part-0.parquet"
            parts.setdefault(path, []).append(row)
        return parts

    def write_file(self, path: Path, columns: Sequence[str], rows: list[Row], form: Form) -> None:
        if form.file_type == "parquet":
            self.write_parquet(path, columns, rows, form.instant_type)
            return
        text = (
            self.as_csv(columns, rows) if form.file_type == "csv" else self.as_jsonl(columns, rows)
        )
        # Without the time of writing, the same case gives the same bytes.
        content = text.encode()
        path.write_bytes(gzip.compress(content, mtime=0) if form.is_gzipped else content)

    def as_csv(self, columns: Sequence[str], rows: list[Row]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for index, row in enumerate(rows):
            writer.writerow([self.as_text(row[column], index) for column in columns])
        return text.getvalue()

    def as_jsonl(self, columns: Sequence[str], rows: list[Row]) -> str:
        lines = []
        for index, row in enumerate(rows):
            values = {}
            for column in columns:
                value = self.as_text(row[column], index)
                if self.has_integer_ids and column in ID_COLUMNS and value:
                    value = int(value)
                # A null may be written, or its key left out.
                if value is not None or self.rng.random() < 0.5:
                    values[column] = value
            lines.append(json.dumps(values, ensure_ascii=index % 2 == 0) + "\n")
        return "".join(lines)

    def as_text(self, value: object, index: int) -> str | None:
        if isinstance(value, datetime):
            return TEXT_STYLES[self.text_style](value, index)
        return value

    def write_parquet(
        self, path: Path, columns: Sequence[str], rows: list[Row], instant_type: str
    ) -> None:
        values = {
            column: [
                self.as_castable(row[column], index, instant_type) for index, row in enumerate(rows)
            ]
            for column in columns
        }
        unnested, typed = [], []
        for number, column in enumerate(columns, start=1):
            column_type = self.parquet_type(column, values[column], instant_type)
            # An empty string has no other type than text.
            value = f'"{column}"' if column_type == "varchar" else f"nullif(\"{column}\", '')"
            unnested.append(f'unnest(${number}::varchar[]) as "{column}"')
            typed.append(f'cast({value} as {column_type}) as "{column}"')
        with duckdb.connect() as connection:
            connection.execute("set threads = 1")
            connection.execute(
                f"copy (select {', '.join(typed)} from (select {', '.join(unnested)})) "
                f"to '{path}' (format parquet)",
                [values[column] for column in columns],
            )

    def as_castable(self, value: object, index: int, instant_type: str) -> str | None:
        if instant_type == "varchar":
            return self.as_text(value, index)
        if isinstance(value, datetime):
            nanoseconds = ("000", "001", "999")[index % 3] * (instant_type == "timestamp_ns")
            zone = "+00" if instant_type == "timestamptz" else ""
            return f"{value:%Y-%m-%d %H:%M:%S.%f}{nanoseconds}{zone}"
        # A typed column can't hold what is no timestamp.
        return None if value in UNREADABLE_INSTANTS else value

    def parquet_type(self, column: str, values: list[str | None], instant_type: str) -> str:
        if column in INSTANT_COLUMNS:
            return instant_type
        if not any(values):
            return '"null"'
        return "bigint" if self.has_integer_ids and column in ID_COLUMNS else "varchar"
