"""Writes tables as vendors and loaders deliver them: JSON lines, CSV, parquet, also packed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row, as_text

JSON_FORMS = (".jsonl", ".json", ".ndjson", ".json.gz", ".jsonl.gz")
CSV_FORMS = (".csv", ".csv.gz")
PARQUET_FORMS = (".parquet",)
FORMS = (*JSON_FORMS, *CSV_FORMS, *PARQUET_FORMS)


def write_tables(
    tables: Tables,
    folder: Path,
    rng: random.Random,
    *,
    forms: Sequence[str] = FORMS,
    column_types: Mapping[str, str] | None = None,
    has_capitals: bool = False,
) -> dict[str, str]:
    """Writes each table as a file of a random form.

    Args:
        tables: rows by name.
        folder: where the files go; it is made.
        rng: chooses the forms.
        forms: endings to choose from.
        column_types: the types of nested columns in parquet.
        has_capitals: whether headers are in capitals, as Snowflake writes them.

    Returns:
        The ending of each table's file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {}
    for name, rows in tables.items():
        ending = chosen[name] = rng.choice(forms)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        path = folder / f"{name}{ending}"
        written = {column: column.upper() if has_capitals else column for column in columns}
        if ending.startswith(".parquet"):
            write_parquet(path, rows, written, column_types or {})
        else:
            is_csv = ending.startswith(".csv")
            text = csv_text(rows, written) if is_csv else json_lines(rows, written, rng)
            content = text.encode()
            path.write_bytes(gzip.compress(content, mtime=0) if ending.endswith(".gz") else content)
    return chosen


def json_lines(rows: Iterable[Row], names: Mapping[str, str], rng: random.Random) -> str:
    """An object a line; a null is written or left out."""
    lines = []
    for row in rows:
        kept = {
            names[column]: value
            for column, value in row.items()
            if value is not None or rng.random() < 0.5
        }
        lines.append(json.dumps(kept, ensure_ascii=rng.random() < 0.5, default=as_text))
    return "".join(f"{line}\n" for line in lines)


def csv_text(rows: Iterable[Row], names: Mapping[str, str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names.values())
    for row in rows:
        writer.writerow(as_text(row.get(column)) for column in names)
    return file.getvalue()


def write_parquet(
    path: Path, rows: Sequence[Row], names: Mapping[str, str], types: Mapping[str, str]
) -> None:
    """A column has the type of its values; text where they have several, or are nested."""
    chosen = {
        column: types.get(column) or column_type([row.get(column) for row in rows])
        for column in names
    }
    beside = path.with_name(f"{path.name}.lines")
    with beside.open("w", encoding="utf-8") as file:
        for row in rows:
            kept = {
                names[column]: as_text(row.get(column))
                if chosen[column] == "VARCHAR"
                else row.get(column)
                for column in names
            }
            file.write(json.dumps(kept, default=as_text) + "\n")
    listed = ", ".join(f"{quoted(names[c])}: {quoted(chosen[c], chr(39))}" for c in names)
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(
            f"copy (select * from read_json('{beside}', columns = {{{listed}}}, "
            f"format = 'newline_delimited')) to '{path}' (format parquet)"
        )
    beside.unlink()


def quoted(text: str, mark: str = '"') -> str:
    return f"{mark}{text.replace(mark, 2 * mark)}{mark}"


def column_type(values: Iterable[object]) -> str:
    kinds = {type(value) for value in values if value is not None}
    names = {int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", datetime: "TIMESTAMP"}
    return names.get(kinds.pop(), "VARCHAR") if len(kinds) == 1 else "VARCHAR"
