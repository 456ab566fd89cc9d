"""Reads raw tables before a build, so that a broken line stops here and not in a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection, Error

from plg.input.forms import FILE_NAME
from plg.input.problem import InputProblem, UnreadableFiles, unreadable
from plg.input.sql import file_names

if TYPE_CHECKING:
    from plg.input.forms import Call
    from plg.input.raw_tables import RawTable

EXAMPLES = {
    "string": "text",
    "timestamp": "an ISO timestamp, such as 2024-01-31 09:30:00",
    "date": "an ISO date, such as 2024-01-31",
}


def empty_columns(
    connection: DuckDBPyConnection,
    table: RawTable,
    known_parts: dict[str, str],
    allowed: float = 0.001,
) -> Iterator[str]:
    """Looks for columns without a value, and for a table without a row that needs one.

    Text is read to its end. Parquet breaks as a whole: there the first rows with a value are enough,
    however long it is.

    Args:
        connection: any DuckDB connection.
        table: what find_table found.
        known_parts: the fingerprint of each part that an earlier build read. Those are not read again,
            and where there are any, the columns are not looked through again.

    Yields:
        A sentence for each problem, with its remedy and without a full stop.

    Raises:
        InputProblem: a file that can't be read to its end.
        UnreadableFiles: text files of which some rows can't be read.
    """
    rows = f"from ({table.query})"
    try:
        try:
            unknown = _unknown_parts(connection, table, known_parts)
        except Error:
            # The parts are dates, and some rows of a file can't be read.
            unknown = None
        _read_to_the_end(connection, table, unknown, allowed)
        if unknown is not None:
            return
        if connection.execute(f"select 1 {rows} limit 1").fetchone() is None:
            if table.input.never_empty:
                yield f"{table.source}: there are no {table.name}; put at least one row in"
            return
        for column in table.input.required:
            data_type = table.input.columns[column]
            value = f"nullif(\"{column}\", '')" if data_type == "string" else f'"{column}"'
            first_value = f"select 1 {rows} where {value} is not null limit 1"
            if connection.execute(first_value).fetchone() is None:
                form = EXAMPLES.get(data_type, "a number, such as 12.50")
                remedy = f"no value can be read; write each as {form}"
                if column == "user_id" and _has_devices(connection, table):
                    remedy = "no row has a user id; set PLG_ANONYMOUS_USERS=true if the product has no login"
                yield f"{table.source}: column {column}: {remedy}"
    except Error as error:
        raise unreadable(table.source, error) from error


def _has_devices(connection: DuckDBPyConnection, table: RawTable) -> bool:
    """Whether a row has a device."""
    if "anonymous_id" not in table.input.columns:
        return False
    found = connection.execute(f"select 1 from ({table.query}) where anonymous_id <> '' limit 1")
    return found.fetchone() is not None


def new_files(
    connection: DuckDBPyConnection, table: RawTable, known_parts: dict[str, str]
) -> list[Path]:
    """The files of a sound table that may hold rows of parts that no build has read yet."""
    unknown = _unknown_parts(connection, table, known_parts)
    return [file for call in table.calls for file in _with_new_rows(table, call.files, unknown)]


def _with_new_rows(table: RawTable, files: list[Path], unknown: list[str] | None) -> list[Path]:
    if unknown is None:
        return files
    # Where a part is no file, each file may hold rows of the new ones.
    return [f for f in files if unknown and (table.part_kind != "file" or str(f) in unknown)]


def _unknown_parts(
    connection: DuckDBPyConnection, table: RawTable, known_parts: dict[str, str]
) -> list[str] | None:
    """The parts that no build has read yet; None where no part has been read."""
    parts = connection.execute(table.parts_query).fetchall() if known_parts else []
    unknown = [part for part, fingerprint in parts if known_parts.get(part) != fingerprint]
    return None if len(unknown) == len(parts) else unknown


def _read_to_the_end(
    connection: DuckDBPyConnection, table: RawTable, unknown: list[str] | None, allowed: float
) -> None:
    """Reads each cell of the text files with parts that no build has read yet, and what is passed over.

    Raises:
        InputProblem: what is passed over has to be fixed.
        UnreadableFiles: some rows can't be read.
    """
    new: list[Path] = []
    for call in table.calls:
        files = _with_new_rows(table, call.files, unknown)
        if call.texts and files:
            _refuse_many(connection, call, files, allowed)
        new += files
    broken = broken_files(connection, table.calls, new)
    if broken:
        raise UnreadableFiles(broken)


def broken_files(
    connection: DuckDBPyConnection, calls: Iterable[Call], among: list[Path]
) -> list[Path]:
    """The text files with rows that can't be read; reads each cell of them.

    Args:
        connection: any DuckDB connection.
        calls: what reads the files of a table.
        among: the files to look at.

    Raises:
        InputProblem: what is passed over has to be fixed.
    """
    broken: list[Path] = []
    wanted = set(among)
    for call in calls:
        files = [file for file in call.files if file in wanted]
        if not call.strays or not files:
            continue
        if _is_sound(connection, call, files):
            found = connection.execute(call.strays(files)).fetchall()
            for name, what in found:
                if what:
                    raise InputProblem(f"{name}: {what}")
            broken += [Path(name) for name, _ in found]
        else:
            broken += [f for f in files if len(files) == 1 or not _is_sound(connection, call, [f])]
    return sorted(set(broken))


def _is_sound(connection: DuckDBPyConnection, call: Call, files: list[Path]) -> bool:
    """Whether DuckDB reads each cell of some of a call's files."""
    names = dict.fromkeys(call.name(c) for c in call.types if c not in call.partitions)
    columns = [f'count("{name}")' for name in names] or ["count(*)"]
    source = call.sql.replace(file_names(call.files), file_names(files), 1)
    try:
        connection.execute(f"select {', '.join(columns)} from {source}").fetchone()
    except Error as error:
        gone = [file for file in files if not file.exists()]
        if gone:
            raise InputProblem(
                f"{gone[0]}: the file was deleted or renamed while it was read; start again when "
                "nothing is being delivered"
            ) from error
        return False
    return True


def _refuse_many(
    connection: DuckDBPyConnection, call: Call, files: list[Path], allowed: float
) -> None:
    """Stops where too many rows of a parquet file hold bytes that are no text."""
    source = call.sql.replace(file_names(call.files), file_names(files), 1)
    numbered = f"{source[:-1]}, file_row_number = true)"
    found = connection.execute(
        f"select {FILE_NAME}, count(*), count(*) filter ({call.unreadable}), "
        f"min(file_row_number) filter ({call.unreadable}) from {numbered} group by {FILE_NAME}"
    )
    for name, rows, bad, first in sorted(found.fetchall()):
        if bad > allowed * rows:
            columns = " or ".join(call.texts)
            raise InputProblem(
                f"{name}: row {first + 1} can't be read: column {columns} holds bytes that are no UTF-8. "
                f"{bad:,} of {rows:,} rows can't be read, and the var unreadable_rows_allowed "
                f"({allowed:g} of a file's rows) allows fewer; write the column as a string, in UTF-8, or "
                "raise the var to leave such rows out"
            )
