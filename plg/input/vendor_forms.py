"""Reads the files of a vendor's tables with all their columns, as they come.

CSV columns are text, keys of JSON lines are JSON, parquet keeps its types. The adapters (models/adapters) read the values.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.forms import (
    FILE_NAME,
    FIRST_ROWS,
    OPTIONS,
    Call,
    broken_lines_named,
    by_schema,
    csv_call,
    first_objects,
    form_of,
    header_of,
    json_call,
    json_lines,
    open_text,
    refuse_repeated,
)
from plg.input.problem import InputProblem
from plg.input.sql import file_names


def all_columns(
    connection: DuckDBPyConnection, files: list[Path], options: str = OPTIONS
) -> Iterator[Call]:
    """Finds the calls that together read some files; the types of a call name every column.

    Args:
        connection: any DuckDB connection.
        files: of one table, in whatever forms.
        options: of the call.

    Raises:
        InputProblem: a file is not what its name says, or names a column twice.
        UnreadableFiles: some rows can't be read.
    """
    for form, read in READERS.items():
        of_form = [path for path in files if form_of(path) == form]
        if of_form:
            yield from read(connection, of_form, options)


def lowered(columns: list[str]) -> dict[str, str]:
    """Each column's name in the view: a header all in capitals (Snowflake's) becomes small letters."""
    is_capital = all(name == name.upper() for name in columns)
    return {name: name.lower() if is_capital else name for name in columns}


def _parquet(connection: DuckDBPyConnection, files: list[Path], options: str) -> Iterator[Call]:
    for names in by_schema(connection, files):
        sql = f"read_parquet({file_names(names)}, binary_as_string = true, {options})"
        types = _described(connection, sql)
        # DuckDB numbers the second of two columns of a name, in whatever capitals.
        yield Call([Path(name) for name in names], sql, types)


def _described(connection: DuckDBPyConnection, sql: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {sql}").fetchall()
    return {column: kind for column, kind, *_ in described if column != FILE_NAME}


def _csv(connection: DuckDBPyConnection, files: list[Path], options: str) -> Iterator[Call]:
    by_header: dict[tuple[str, ...], list[Path]] = {}
    for path in files:
        header = header_of(path)
        names = [name.lower() for name in header if name]
        refuse_repeated(path, sorted({name for name in names if names.count(name) > 1}))
        by_header.setdefault(header, []).append(path)
    for header, paths in by_header.items():
        types = {name or f"column {place}": "VARCHAR" for place, name in enumerate(header, start=1)}
        yield csv_call(paths, types, options)


def _json(connection: DuckDBPyConnection, files: list[Path], options: str) -> Iterator[Call]:
    for path in files:
        refuse_array(path)
    with broken_lines_named(connection, files):
        found = connection.execute(
            "select key, min(filename) from (select unnest(json_keys(json)) as key, filename "
            f"from ({json_lines(files)})) where key <> '' group by key order by key"
        ).fetchall()
    spelled: dict[str, tuple[str, str]] = {}
    for key, path in found:
        other, where = spelled.setdefault(key.lower(), (key, path))
        if other != key:  # DuckDB's columns are the same in whatever capitals.
            raise InputProblem(
                f"{path}: the key {key} is {other} in {where}; spell it in one way in all lines"
            )
    types = {key: "JSON" for key, _ in found}
    if types:
        yield json_call(files, types, options, [key.lower() for key in types], types)


READERS = {".parquet": _parquet, ".csv": _csv, ".jsonl": _json}


def refuse_array(path: Path) -> None:
    """Stops at a file that is one JSON array, which some tools write."""
    with open_text(path) as file:
        if file.read(1_000).lstrip().startswith("["):
            raise InputProblem(
                f"{path}: this is a JSON array; write one object a line, such as jq -c '.[]' does"
            )


def first_fields(connection: DuckDBPyConnection, path: Path) -> set[str]:
    """The columns of a file and the keys inside them (properties.time), in small letters, of its first 20 rows.

    Args:
        connection: any DuckDB connection.
        path: of a file in any form.

    Raises:
        InputProblem: a file is not what its name says.
    """
    rows: list[dict[str, object]] = []
    names: set[str] = set()
    form = form_of(path)
    if form == ".jsonl":
        refuse_array(path)
        rows += first_objects(path)
    elif form == ".csv":
        with open_text(path) as file, suppress(csv.Error):
            reader = csv.DictReader(file)
            names.update(reader.fieldnames or ())
            rows += islice(reader, FIRST_ROWS)
    else:
        sql = f"read_parquet({file_names([path])}, binary_as_string = true)"
        names.update(_described(connection, sql))
        found = connection.execute(f"select * from {sql} limit {FIRST_ROWS}")
        columns = [column[0] for column in found.description]
        rows += [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        for key, value in row.items():
            if key is None:
                continue
            names.add(key)
            if isinstance(value, str) and value.lstrip().startswith("{"):
                with suppress(ValueError, RecursionError):
                    value = json.loads(value)
            if isinstance(value, dict):
                names.update(f"{key}.{inner}" for inner in value)
    return {name.strip().lower() for name in names}
