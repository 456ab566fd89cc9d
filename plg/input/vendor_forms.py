"""Reads the files of a vendor's tables with all their columns, as they come.

CSV columns are text, keys of JSON lines are JSON, parquet keeps its types. The adapters (models/adapters) read the values.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from plg.input.forms import (
    FILE_NAME,
    LARGEST_OBJECT,
    Call,
    form_of,
    is_sound_json,
    json_lines,
    open_text,
    other_spellings,
    surplus_cells,
)
from plg.input.problem import InputProblem, UnreadableFiles
from plg.input.sql import file_names, literal

OPTIONS = f"hive_partitioning = false, filename = '{FILE_NAME}'"


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
    by_schema = connection.execute(
        "select list(file_name order by file_name) from ("
        "select file_name, list((name, duckdb_type) order by column_id) as columns "
        f"from parquet_schema({file_names(files)}) group by file_name"
        ") group by columns order by all"
    )
    for (names,) in by_schema.fetchall():
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
        with open_text(path) as file:
            header = [cell.strip() for cell in next(csv.reader(file), [])]
        names = [name.lower() for name in header if name]
        doubled = next((name for name in names if names.count(name) > 1), "")
        if doubled:
            raise InputProblem(
                f"{path}: the column {doubled} occurs more than once; keep the one that is meant"
            )
        by_header.setdefault(tuple(header), []).append(path)
    for header, paths in by_header.items():
        types = {name or f"column {place}": "VARCHAR" for place, name in enumerate(header, start=1)}
        form = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
        sql = f"read_csv({file_names(paths)}, columns = {literal(types)}, {form}, {options})"
        yield Call(paths, sql, types, partial(surplus_cells, types=types, form=form))


def _json(connection: DuckDBPyConnection, files: list[Path], options: str) -> Iterator[Call]:
    for path in files:
        refuse_array(path)
    try:
        found = connection.execute(
            "select key, min(filename) from (select unnest(json_keys(json)) as key, filename "
            f"from ({json_lines(files)})) where key <> '' group by key order by key"
        ).fetchall()
    except Error:
        broken = [path for path in files if not is_sound_json(connection, path)]
        if broken:
            raise UnreadableFiles(broken) from None
        raise
    spelled: dict[str, tuple[str, str]] = {}
    for key, path in found:
        other, where = spelled.setdefault(key.lower(), (key, path))
        if other != key:  # DuckDB's columns are the same in whatever capitals.
            raise InputProblem(
                f"{path}: the key {key} is {other} in {where}; spell it in one way in all lines"
            )
    types = {key: "JSON" for key, _ in found}
    if not types:
        return
    sql = (
        f"read_json({file_names(files)}, columns = {literal(types)}, "
        f"format = 'newline_delimited', {LARGEST_OBJECT}, {options})"
    )
    wanted = {key.lower(): False for key in types}
    yield Call(files, sql, types, partial(other_spellings, wanted=wanted, keys=list(types)))


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
    import json
    from contextlib import suppress
    from itertools import islice

    rows: list[dict[str, object]] = []
    names: set[str] = set()
    form = form_of(path)
    if form == ".jsonl":
        refuse_array(path)
        with open_text(path) as file:
            for line in islice(file, 20):
                with suppress(ValueError, RecursionError):
                    value = json.loads(line)
                    rows += [value] if isinstance(value, dict) else []
    elif form == ".csv":
        with open_text(path) as file, suppress(csv.Error):
            rows += islice(csv.DictReader(file), 20)
            file.seek(0)
            names.update(next(csv.reader(file), []))
    else:
        names.update(_described(connection, f"read_parquet({file_names([path])})"))
        sql = f"select * from read_parquet({file_names([path])}, binary_as_string = true) limit 20"
        found = connection.execute(sql)
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
