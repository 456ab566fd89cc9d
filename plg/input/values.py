"""What a raw table holds: how many rows, and how many values of a column can't be read, for `plg check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.forms import FILE_NAME, Call
from plg.input.parts import values_of
from plg.input.raw_tables import RawTable
from plg.input.unreadable import IS_UNREADABLE
from plg.input.vendor_tables import VendorView
from plg.reading import Value, reading

MEANT = {"timestamp": "a time", "date": "a date"}
LONGEST = 60  # Characters of an example.


def said_of(connection: DuckDBPyConnection, table: RawTable) -> Iterator[str]:
    """Counts the rows of a sound table.

    Args:
        connection: to the database of the tables of rows.
        table: what read_table found.

    Yields:
        A sentence about its rows, and one about each column with values that can't be read.
    """
    files = [path for call in table.calls for path in call.files]
    if not files:
        yield f"{table.name}: none, and none is needed."
        return
    yield _rows_of(connection, table.name, table.query, "is_unreadable", files)
    for column, data_type in table.input.columns.items():
        if data_type != "string":
            yield from _unread(connection, table, column)


def said_of_view(connection: DuckDBPyConnection, view: VendorView) -> str:
    """Counts the rows of a sound table of a vendor.

    Args:
        connection: to the database of the tables of rows.
        view: what read_views found.
    """
    return _rows_of(connection, view.name, view.query, IS_UNREADABLE, view.files)


def _rows_of(
    connection: DuckDBPyConnection, name: str, query: str, is_unreadable: str, files: list[Path]
) -> str:
    rows, unreadable = connection.execute(
        f"select count(*), count(*) filter ({is_unreadable}) from ({query})"
    ).fetchone()
    said = f"{len(files)} files" if len(files) > 1 else str(files[0])
    lost = f"; {unreadable:,} of them can't be read (rule unreadable_row)" if unreadable else ""
    return f"{name}: {rows:,} rows in {said}{lost}"


def _unread(connection: DuckDBPyConnection, table: RawTable, column: str) -> Iterator[str]:
    count, example, file = 0, "", ""
    for call in table.calls:
        for value in values_of(call, table.input):
            if value.column == column:
                found = connection.execute(_query(call, value)).fetchone()
                count += found[0]
                if found[0] and not example:
                    _, example, file = found
    if count:
        meant = MEANT.get(table.input.columns[column], "a number")
        shown = example if len(example) <= LONGEST else f"{example[:LONGEST]}..."
        yield (
            f"{table.name}: column {column}: {count:,} values can't be read as {meant}, such as "
            f"{shown!r} in {file}; they count as empty"
        )


def _query(call: Call, value: Value) -> str:
    """Counts the values of a column that are there and become null; with the first one and its file."""
    name = value.column
    as_text = Value("delivered", value.sql, value.type, "string")
    read = reading("duckdb").rows([value, as_text], call.sql, {"file_name": FILE_NAME})
    return (
        "select count(*), min_by(delivered, (file_name, delivered)), min(file_name) "
        f'from ({read}) where "{name}" is null and delivered is not null'
    )
