"""Finds the raw files of PLG_RAW_DIR, whatever their form, and shows them to dbt as views.

A view reads the files in the types of the interface (text and UTC timestamps); cleaning is for
the staging models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
# The reader of each form of file. Text stays text: an id such as 007 is no number.
READERS = {
    ".parquet": "read_parquet({files}, union_by_name = true, binary_as_string = true)",
    ".csv": (
        "read_csv({files}, union_by_name = true, all_varchar = true, header = true, delim = ',', "
        "quote = '\"', escape = '\"')"
    ),
    ".jsonl": (
        "read_json({files}, union_by_name = true, format = 'newline_delimited', "
        "sample_size = {sample_size}, maximum_object_size = 16777216{columns})"
    ),
}
FORMS = "NAME.parquet, NAME.csv, NAME.jsonl (the last two also .gz), or a folder NAME/ of such files"


class InputProblem(Exception):
    """A sentence that says what is wrong with a raw file and how to mend it."""


@dataclass(frozen=True)
class RawTable:
    """One raw table as it lies on disk: its name, the files by form, and the query over them."""

    name: str
    source: Path
    query: str


def _literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _form(path: Path) -> str | None:
    """The form (.parquet, .csv, .jsonl) that the file's name says, None where it says none."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes[-1:] == [".gz"]:
        return suffixes[0] if suffixes[0] in (".csv", ".jsonl") else None
    return suffixes[-1] if suffixes and suffixes[-1] in READERS else None


def _find(folder: Path, name: str) -> tuple[Path, dict[str, list[Path]]]:
    """Where the table lies, and its files by form."""
    if not folder.is_dir():
        raise InputProblem(
            f"{folder}: there is no such folder; set PLG_RAW_DIR to the folder with users and "
            f"events (as {FORMS})"
        )
    named = [
        path
        for path in sorted(folder.iterdir())
        if (path.is_dir() and path.name == name)
        or (path.is_file() and path.name.split(".")[0] == name and _form(path))
    ]
    if not named:
        raise InputProblem(
            f"{folder / name}: no file or folder of this name; put the {name} there as {FORMS}"
        )
    if len(named) > 1:
        raise InputProblem(
            f"{folder}: {name} lie there more than once ({', '.join(p.name for p in named)}); "
            "keep the one that is meant"
        )
    source = named[0]
    files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
    forms: dict[str, list[Path]] = {}
    for path in files:
        # Files such as _SUCCESS or .crc lie beside the data that Spark writes.
        form = None if path.name.startswith(("_", ".")) else _form(path)
        if form:
            forms.setdefault(form, []).append(path)
    if not forms:
        raise InputProblem(f"{source}: the folder holds no parquet, csv or jsonl file; put one in")
    return source, forms


def _reader(form: str, files: list[Path], *, columns: tuple[str, ...] = (), full: bool = False):
    listed = "[" + ", ".join(_literal(path) for path in files) + "]"
    types = ", ".join(f"{column}: 'VARCHAR'" for column in columns)
    return READERS[form].format(
        files=listed,
        sample_size=-1 if full else 20480,
        columns=f", columns = {{{types}}}" if columns else "",
    )


def _types(connection: DuckDBPyConnection, reader: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {reader}").fetchall()
    return {name.lower(): kind for name, kind, *_ in described}


def _as_text(column: str, kind: str) -> str:
    quoted = f'"{column}"'
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"cast(to_json({quoted}) as varchar)"
    if kind in ("DOUBLE", "FLOAT"):
        # Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table.
        return (
            f"case when {quoted} = trunc({quoted}) and abs({quoted}) < 9007199254740992 "
            f"then cast(cast({quoted} as bigint) as varchar) else cast({quoted} as varchar) end"
        )
    return f"cast({quoted} as varchar)"


def _as_time(column: str, kind: str) -> str:
    quoted = f'"{column}"'
    if kind == "TIMESTAMP_NS":
        value = f"make_timestamp(epoch_ns({quoted}) // 1000)"  # a cast would round up
    elif kind.startswith(("TIMESTAMP", "DATE")):
        value = f"cast({quoted} as timestamp)"
    else:
        # By way of a zoned timestamp: a plain cast of text drops its offset without a word.
        value = f"cast(try_cast(cast({quoted} as varchar) as timestamptz) as timestamp)"
    return f"case when isfinite({value}) then {value} end"


def find_table(connection: DuckDBPyConnection, folder: Path, name: str) -> RawTable:
    """Finds a raw table and writes the query that reads it in the interface's columns and types.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        name: "users" or "events".

    Raises:
        InputProblem: files that are missing, ambiguous, unreadable, or lack a column.
    """
    source, forms = _find(folder, name)
    wanted = TABLES[name]
    queries = []
    try:
        for form, files in forms.items():
            reader = _reader(form, files)
            types = _types(connection, reader)
            if form == ".jsonl":
                if not set(wanted) <= types.keys():
                    # A key that is rare may lie behind the sample.
                    types = _types(connection, _reader(form, files, full=True))
                present = tuple(column for column in wanted if column in types)
                if present:
                    reader = _reader(form, files, columns=present)
                types = {column: "VARCHAR" for column in present}
            missing = [column for column in wanted if column not in types]
            if missing:
                raise InputProblem(
                    f"{source}: column {', '.join(missing)} is missing; the table {name} needs the "
                    f"columns {', '.join(wanted)} (a column may be empty, not absent)"
                )
            expressions = (
                f'{(_as_time if column in TIMES else _as_text)(column, types[column])} as "{column}"'
                for column in wanted
            )
            queries.append(f"select {', '.join(expressions)} from {reader}")
    except Error as error:
        raise InputProblem(f"{source}: it can't be read; mend the file ({error})") from error
    return RawTable(name, source, " union all ".join(queries))


def empty_columns(connection: DuckDBPyConnection, table: RawTable) -> Iterator[str]:
    """One sentence if the table lacks users, and for each required column of which no value can be
    read. It stops at the first value that can: a sound table costs a look at its first rows."""
    rows = f"select * from ({table.query})"
    if connection.execute(f"{rows} limit 1").fetchone() is None:
        if table.name == "users":
            yield f"{table.source}: there are no users; put at least one row in"
        return
    for column in REQUIRED[table.name]:
        readable = f'"{column}" is not null'
        if column not in TIMES:
            readable += f" and \"{column}\" <> ''"
        if connection.execute(f"{rows} where {readable} limit 1").fetchone() is None:
            form = "an ISO timestamp, such as 2024-01-31 09:30:00" if column in TIMES else "text"
            yield f"{table.source}: column {column}: no value can be read; write each as {form}"
