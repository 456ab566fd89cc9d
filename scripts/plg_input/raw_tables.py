"""Finds the raw files of PLG_RAW_DIR, whatever their form, and shows them to dbt as views.

A view reads the files in the types of the interface (text and UTC timestamps); cleaning is for
the staging models.
"""

from __future__ import annotations

import csv
import glob
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

TABLES: dict[str, tuple[str, ...]] = {
    "users": ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by"),
    "events": ("event_id", "user_id", "event_name", "timestamp", "properties"),
}
TIMES = ("created_at", "timestamp")
# A row without one of these does not count; a file in which one has no value is a wrong file.
REQUIRED = {
    "users": ("user_id", "created_at"),
    "events": ("user_id", "event_name", "timestamp"),
}
ENDINGS = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
WELL_FORMED = (
    "CSV: UTF-8, commas, double quotes around a cell that holds a comma, a line end or a quote "
    "(itself doubled), one kind of line end; jsonl: one object a line"
)


class InputProblem(Exception):
    """A sentence that says what is wrong with a raw file and how to mend it."""


@dataclass(frozen=True)
class RawTable:
    """One raw table: its name, the file or folder that holds it, and the query that reads it."""

    name: str
    source: Path
    has_text_files: bool
    query: str


@dataclass(frozen=True)
class _Call:
    """The SQL call that reads some files, all of the same columns, and the type of each column."""

    files: list[Path]
    sql: str
    types: dict[str, str]


def _literal(value: object) -> str:
    """The value in SQL: a list, a struct (of a dict) or text."""
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items()) + "}"
    return "'" + str(value).replace("'", "''") + "'"


def _parquet_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[_Call]:
    # One call for each schema: a column of several types would be cast to one of them, and fail.
    by_schema = connection.execute(
        "select list(file_name order by file_name) from ("
        "select file_name, list((name, duckdb_type) order by column_id) as columns "
        f"from parquet_schema({_literal(files)}) group by file_name"
        ") group by columns order by all"
    )
    for (names,) in by_schema.fetchall():
        sql = f"read_parquet({_literal(names)}, binary_as_string = true, {options})"
        described = connection.execute(f"describe select * from {sql}").fetchall()
        types = {column.lower(): kind for column, kind, *_ in described}
        yield _Call([Path(name) for name in names], sql, types)


def _csv_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[_Call]:
    by_header: dict[tuple[str, ...], list[Path]] = {}
    for path in files:
        open_text = gzip.open if path.suffix.lower() == ".gz" else open
        with open_text(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
            header = [cell.strip().lower() for cell in next(csv.reader(file), [])]
        repeated = [column for column in wanted if header.count(column) > 1]
        if repeated:
            raise InputProblem(
                f"{path}: column {', '.join(repeated)} stands in the first line more than once; "
                "keep the one that is meant"
            )
        by_header.setdefault(tuple(header), []).append(path)
    for header, paths in by_header.items():
        types = {
            name if name in wanted else f"column {place}": "VARCHAR"
            for place, name in enumerate(header, start=1)
        }
        # Told all this, DuckDB guesses nothing from a sample. Text stays text: 007 is no number.
        sql = (
            f"read_csv({_literal(paths)}, columns = {_literal(types)}, auto_detect = false, "
            f"header = true, delim = ',', quote = '\"', escape = '\"', {options})"
        )
        yield _Call(paths, sql, types)


def _jsonl_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[_Call]:
    largest = "maximum_object_size = 16777216"
    lines = f"select json from read_ndjson_objects({_literal(files)}, {largest})"
    for sample in (" limit 20480", ""):  # A rare key may lie behind the first lines.
        found = connection.execute(
            f"select distinct unnest(json_keys(json)) as key from ({lines}{sample}) order by key"
        )
        keys = {key.lower(): key for (key,) in found.fetchall() if key.lower() in wanted}
        if len(keys) == len(wanted):
            break
    columns = {key: "VARCHAR" for key in keys.values()}
    sql = (
        f"read_json({_literal(files)}, columns = {_literal(columns)}, "
        f"format = 'newline_delimited', {largest}, {options})"
    )
    yield _Call(files, sql, {column: "VARCHAR" for column in keys})


CALLS = {".parquet": _parquet_calls, ".csv": _csv_calls, ".jsonl": _jsonl_calls}


def _find(folder: Path, name: str) -> tuple[Path, list[Path]]:
    """The file or folder that holds the table, and its files."""
    forms = f"{', '.join(name + ending for ending in ENDINGS)} or a folder {name}/ of such files"
    if not folder.is_dir():
        raise InputProblem(
            f"{folder}: there is no such folder; set PLG_RAW_DIR to the folder that holds {forms}"
        )
    sources = [
        path
        for path in sorted(folder.iterdir())
        if (path.is_dir() and path.name.lower() == name)
        or (path.is_file() and path.name.lower() in [name + ending for ending in ENDINGS])
    ]
    if not sources:
        raise InputProblem(f"{folder / name}: no file or folder of this name; put there {forms}")
    if len(sources) > 1:
        raise InputProblem(
            f"{folder}: {name} lie there more than once ({', '.join(p.name for p in sources)}); "
            "keep the one that is meant"
        )
    source = sources[0]
    if source.is_file():
        return source, [source]
    # Names that begin with a dot (which glob leaves out) or an underscore are no data, unless they
    # are partitions: Spark's rule, whose _temporary and _SUCCESS lie beside the data.
    files = [
        source / path
        for path in sorted(glob.glob("**", root_dir=source, recursive=True))
        if path.lower().endswith(ENDINGS)
        and not any(part.startswith("_") and "=" not in part for part in Path(path).parts)
    ]
    files = [path for path in files if path.is_file() and path.stat().st_size > 0]
    if not files:
        raise InputProblem(f"{source}: the folder holds no data; put {', '.join(ENDINGS)} files in")
    return source, files


def _calls(
    connection: DuckDBPyConnection, source: Path, files: list[Path], wanted: tuple[str, ...]
) -> Iterator[_Call]:
    """The calls that together read the files."""
    alike: dict[tuple[str, tuple[str, ...]], list[Path]] = {}
    for path in files:
        form = Path(path.name.lower().removesuffix(".gz")).suffix
        folders = path.relative_to(source).parent.parts
        keys = [part.split("=")[0].lower() for part in folders if "=" in part]
        partitions = tuple(column for column in wanted if column in keys)
        alike.setdefault((form, partitions), []).append(path)
    for (form, partitions), paths in alike.items():
        options = f"hive_partitioning = {bool(partitions)}, hive_types_autocast = false"
        for call in CALLS[form](connection, paths, wanted, options):
            yield replace(call, types=call.types | dict.fromkeys(partitions, "VARCHAR"))


def _as_text(column: str, kind: str) -> str:
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"cast(to_json({column}) as varchar)"
    if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        # Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table.
        whole = f"case when {column} = trunc({column}) then try_cast({column} as hugeint) end"
        text = f"coalesce(cast({whole} as varchar), cast({column} as varchar))"
        return f"case when isfinite({column}) then {text} end"
    return f"cast({column} as varchar)"


def _as_time(column: str, kind: str) -> str:
    if kind in ("TIMESTAMP_NS", "TIMESTAMPTZ_NS"):
        value = f"make_timestamp(epoch_ns({column}) // 1000)"  # a cast would round up
    elif kind.startswith(("TIMESTAMP", "DATE")):
        value = f"try_cast({column} as timestamp)"
    else:
        # By way of a zoned timestamp: a plain cast of text drops its offset without a word.
        value = f"cast(try_cast(cast({column} as varchar) as timestamptz) as timestamp)"
    # The years that ISO 8601 writes; DuckDB reads more, and infinity.
    years = "timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999'"
    return f"case when {value} between {years} then {value} end"


def _select(call: _Call, wanted: tuple[str, ...]) -> str:
    columns = []
    for column in wanted:
        kind = "timestamp" if column in TIMES else "varchar"
        value = f"cast(null as {kind})"
        if column in call.types:
            read = _as_time if column in TIMES else _as_text
            value = read(f'"{column}"', call.types[column])
        columns.append(f'{value} as "{column}"')
    return f"select {', '.join(columns)} from {call.sql}"


def _unreadable(source: Path, error: Exception) -> InputProblem:
    """The error as a problem: what DuckDB says of the file, without its advice on its options."""
    said = re.split(r"\n\s*(?:LINE 1:|Possible|Try )|Try auto", str(error))[0]
    said = re.sub(r"^[\w ]+ Error: ", "", " ".join(said.split())).rstrip(".")
    if len(said) > 400:
        said = f"{said[:200]} ... {said[-200:]}"
    named = re.search(r"^  file = (.+)$", str(error), re.MULTILINE)
    return InputProblem(
        f"{named[1] if named else source}: it can't be read ({said}); mend it or export it again "
        f"({WELL_FORMED})"
    )


def find_table(connection: DuckDBPyConnection, folder: Path, name: str) -> RawTable:
    """Finds a raw table and writes the query that reads it in the interface's columns and types.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        name: "users" or "events".

    Raises:
        InputProblem: files that are missing, ambiguous, unreadable, or lack a column.
    """
    wanted = TABLES[name]
    source = folder / name
    try:
        source, files = _find(folder, name)
        calls = list(_calls(connection, source, files, wanted))
    except (Error, OSError, EOFError, zlib.error, csv.Error) as error:
        raise _unreadable(source, error) from error
    found = {column for call in calls for column in call.types}
    for call in calls:
        # What a row can't do without has to be in each file, the rest in one of them.
        missing = [c for c in wanted if c not in (call.types if c in REQUIRED[name] else found)]
        if missing:
            raise InputProblem(
                f"{call.files[0]}: column {', '.join(missing)} is missing; the table {name} needs "
                f"the columns {', '.join(wanted)} (a column may be empty, not absent); in a CSV, "
                "the first line names them, separated by commas"
            )
    has_text_files = any(path.suffix.lower() != ".parquet" for path in files)
    query = " union all ".join(_select(call, wanted) for call in calls)
    return RawTable(name, source, has_text_files, query)


def empty_columns(connection: DuckDBPyConnection, table: RawTable) -> Iterator[str]:
    """One sentence if the table lacks users, and for each required column of which no value can be
    read. Text is read to its end, so that a broken line stops here and not in a model; of parquet,
    which breaks as a whole, the first rows with a value are enough, however long it is.

    Raises:
        InputProblem: a file that can't be read to its end.
    """
    rows = f"from ({table.query})"
    try:
        if table.has_text_files:
            counts = ", ".join(f'count("{column}")' for column in TABLES[table.name])
            connection.execute(f"select {counts} {rows}").fetchone()
        if connection.execute(f"select 1 {rows} limit 1").fetchone() is None:
            if table.name == "users":
                yield f"{table.source}: there are no users; put at least one row in"
            return
        for column in REQUIRED[table.name]:
            value = f'"{column}"' if column in TIMES else f"nullif(\"{column}\", '')"
            first_value = f"select 1 {rows} where {value} is not null limit 1"
            if connection.execute(first_value).fetchone() is None:
                form = "an ISO timestamp, such as 2024-01-31 09:30:00" if column in TIMES else "text"
                yield f"{table.source}: column {column}: no value can be read; write each as {form}"
    except Error as error:
        raise _unreadable(table.source, error) from error
