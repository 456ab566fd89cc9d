"""The raw files of a random case, in every form that a table may have."""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import duckdb

from tests.oracle.random_forms import Forms
from tests.oracle.random_text_files import as_csv, as_jsonl
from tests.oracle.random_values import ASTRAL, ID_COLUMNS, INSTANT_COLUMNS, TYPED_COLUMNS, Row


@dataclass(frozen=True)
class Form:
    name: str
    file_type: str
    # Of the files of a folder, one after the other.
    instant_types: tuple[str, ...] = ("timestamp",)
    is_gzipped: bool = False
    part_count: int = 1
    # One column is null throughout, and parquet gives it no other type than that.
    has_null_column: bool = False
    partition: str | None = None


FORMS = (
    Form("parquet", "parquet"),
    Form("csv", "csv"),
    Form("jsonl", "jsonl"),
    Form(
        "folder of parquet files",
        "parquet",
        ("timestamp", "varchar", "bigint"),
        part_count=3,
        has_null_column=True,
    ),
    Form("csv.gz", "csv", is_gzipped=True),
    Form("parquet partitioned by day", "parquet", partition="day"),
    Form("parquet with nanoseconds", "parquet", ("timestamp_ns",)),
    Form("jsonl.gz", "jsonl", is_gzipped=True),
    Form("parquet with time zone", "parquet", ("timestamptz",)),
    Form("parquet with a column of nulls", "parquet", has_null_column=True),
    Form("folder of csv files", "csv", part_count=2),
    Form("parquet partitioned by event_name", "parquet", partition="event_name"),
    Form("parquet with timestamps as text", "parquet", ("varchar",)),
    Form("parquet with microseconds since 1970", "parquet", ("bigint",)),
)
# Of tables that every case may lack.
OTHER_FORMS = (
    Form("ndjson", "ndjson"),
    Form("json", "json"),
    Form("json.gz", "json", is_gzipped=True),
)
NULLABLE_COLUMNS = {
    "users": ("account_id", "invited_by"),
    "events": ("event_id", "properties"),
    "aliases": ("aliased_at",),
    "accounts": ("account_name", "region"),
    "subscriptions": ("ended_at",),
    "metric_history": ("value",),
}
ID_TYPES = ("bigint", "double", "decimal(20, 2)", "varchar")
NO_NAMES: Mapping[str, str] = MappingProxyType({})
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class TableWriter:
    raw_dir: Path
    rng: random.Random
    forms: Forms
    has_integer_ids: bool
    # The share of a text file's rows that may be unreadable: so many are.
    unreadable_share: Fraction

    def write(
        self,
        name: str,
        columns: Sequence[str],
        rows: list[Row],
        form: Form,
        lost_rows: Sequence[Row] = (),
        names: Mapping[str, str] = NO_NAMES,
    ) -> None:
        """Writes a table; in a folder, the lost rows get a file of their own.

        `names` are what the files call a column, where they call it otherwise.
        """
        rows = [row | {"note": f'extra, "ignored" {ASTRAL}'} for row in rows]
        columns = self.rng.sample((*columns, "note"), len(columns) + 1)
        if form.has_null_column:
            # In a folder, the first file alone lacks the values, and with them the type.
            null_column = self.rng.choice([c for c in NULLABLE_COLUMNS[name] if c in columns])
            rows = [
                row | {null_column: None} if index % form.part_count == 0 else row
                for index, row in enumerate(rows)
            ]
        if form.partition:
            parts = self.partitions(name, rows, form.partition)
        else:
            parts = self.parts(name, rows, form)
            if form.part_count > 1 and lost_rows:
                path = self.raw_dir / name / f"part-lost.{form.file_type}"
                parts[path] = [row | {"note": None} for row in lost_rows]
        for index, (path, part_rows) in enumerate(parts.items()):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Hive partitions hold the column of their key in the path alone.
            held = [column for column in columns if column != form.partition]
            instant_type = form.instant_types[index % len(form.instant_types)]
            self.write_file(path, held, part_rows, form, instant_type, names)

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

    def write_file(
        self,
        path: Path,
        columns: Sequence[str],
        rows: list[Row],
        form: Form,
        instant_type: str,
        names: Mapping[str, str],
    ) -> None:
        if form.file_type == "parquet":
            self.write_parquet(path, columns, rows, instant_type, names)
            return
        write = as_csv if form.file_type == "csv" else as_jsonl
        content = write(columns, rows, self.forms, self.unreadable_share, names)
        # Without the time of writing, the same case gives the same bytes.
        path.write_bytes(gzip.compress(content, mtime=0) if form.is_gzipped else content)

    def write_parquet(
        self,
        path: Path,
        columns: Sequence[str],
        rows: list[Row],
        instant_type: str,
        names: Mapping[str, str],
    ) -> None:
        types = {column: self.parquet_type(column, rows, instant_type) for column in columns}
        values = {
            column: [
                self.as_castable(column, row[column], index, data_type)
                for index, row in enumerate(rows)
            ]
            for column, data_type in types.items()
        }
        unnested, typed = [], []
        for number, (column, data_type) in enumerate(types.items(), start=1):
            # An empty string has no other type than text.
            value = f'"{column}"' if data_type == "varchar" else f"nullif(\"{column}\", '')"
            unnested.append(f'unnest(${number}::varchar[]) as "{column}"')
            typed.append(f'cast({value} as {data_type}) as "{names.get(column, column)}"')
        with duckdb.connect() as connection:
            connection.execute("set threads = 1")
            connection.execute(
                f"copy (select {', '.join(typed)} from (select {', '.join(unnested)})) "
                f"to '{path}' (format parquet)",
                [values[column] for column in columns],
            )

    def parquet_type(self, column: str, rows: list[Row], instant_type: str) -> str:
        if column in INSTANT_COLUMNS:
            if instant_type != "varchar":
                self.forms.used["time in a typed column"] += 1
            return instant_type
        if not any(row[column] for row in rows):
            return '"null"'
        if column in TYPED_COLUMNS:
            return TYPED_COLUMNS[column]
        if self.has_integer_ids and column in ID_COLUMNS and are_digits(rows, column):
            self.forms.used["id in a typed column"] += 1
            return self.rng.choice(ID_TYPES)
        return "varchar"

    def as_castable(
        self, column: str, value: str | datetime | None, index: int, data_type: str
    ) -> str | None:
        if data_type == "varchar":
            return self.forms.text(column, value)
        if data_type == "bigint" and column in INSTANT_COLUMNS:
            return self.as_integer(value)
        if isinstance(value, datetime):
            nanoseconds = ("000", "001", "999")[index % 3] * (data_type == "timestamp_ns")
            zone = "+00" if data_type == "timestamptz" else ""
            return f"{value:%Y-%m-%d %H:%M:%S.%f}{nanoseconds}{zone}"
        # A typed column can't hold what is no timestamp.
        return None if column in INSTANT_COLUMNS else value

    def as_integer(self, value: str | datetime | None) -> str | None:
        if isinstance(value, datetime):
            text = self.forms.time(value)
            while not text.isdigit():
                text = self.forms.time(value)
            return text
        return value if value and value.isdigit() else None


def are_digits(rows: list[Row], column: str) -> bool:
    return all(row[column].isdigit() for row in rows if row[column])
