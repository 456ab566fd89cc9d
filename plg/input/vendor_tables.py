"""The tables of a vendor's export, as views in DuckDB with all their columns.

The view of the table `tracks` of Segment is segment_tracks. Beside the vendor's columns it has plg_file_name,
plg_is_unreadable and plg_table_name. Its comment is the entry in models/adapters, by which the adapters' macros find it,
and in further lines the vendor's tables that it holds.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from plg.input.checks import broken_files
from plg.input.files import files_at, only_one, table_sources
from plg.input.forms import FILE_NAME, Call
from plg.input.parts import file_fingerprint
from plg.input.problem import InputProblem, UnreadableFiles, unreadable
from plg.input.sql import literal
from plg.input.unreadable import IS_UNREADABLE, RowTables
from plg.input.vendor_forms import all_columns, first_fields, lowered
from plg.input.vendors import VendorTable

TABLE_NAME = "plg_table_name"


@dataclass(frozen=True)
class VendorView:
    """A view of the tables of an export that belong to one entry of the register.

    Attributes:
        name: of the view, behind the vendor's: the entry's; where each table has a view, the table's.
        entry: of the register.
        tables: the vendor's name of each file's table, in small letters.
        calls: what reads the files; each those of one table.
    """

    name: str
    entry: VendorTable
    tables: dict[Path, str]
    calls: list[Call]

    @property
    def files(self) -> list[Path]:
        """All files."""
        return list(self.tables)

    @property
    def query(self) -> str:
        """Reads all columns. A column with several types in the files is text."""
        shown = [lowered(list(call.types)) for call in self.calls]
        types: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        for call, names_of_call in zip(self.calls, shown, strict=True):
            for column, name in names_of_call.items():
                # The same column, in any case.
                names.setdefault(name.lower(), name)
                types.setdefault(name.lower(), set()).add(call.types[column])
        selects = []
        for call, names_of_call in zip(self.calls, shown, strict=True):
            own = {name.lower(): column for column, name in names_of_call.items()}
            columns = [
                f"{_value(call, own.get(lower), types[lower])} as {_quoted(name)}"
                for lower, name in names.items()
            ]
            columns += [FILE_NAME, f"{call.unreadable} as {IS_UNREADABLE}"]
            columns.append(f"{literal(self.tables[call.files[0]])} as {TABLE_NAME}")
            selects.append(f"select {', '.join(columns)} from {call.sql}")
        return " union all ".join(selects)

    def columns(self) -> set[str]:
        """The names of its columns, in small letters."""
        return {name.lower() for call in self.calls for name in call.types}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(call: Call, column: str | None, types: set[str]) -> str:
    """A column in the one type that it has in all files."""
    if column is None:
        return f"cast(null as {next(iter(types)) if len(types) == 1 else 'varchar'})"
    return _quoted(column) if len(types) == 1 else as_text(call, column)


def as_text(call: Call, column: str) -> str:
    """A column of a call as text, in SQL: a list or an object as JSON."""
    value, kind = _quoted(column), call.types[column]
    if kind == "JSON":
        return f"({value} ->> '$')"
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"cast(to_json({value}) as varchar)"
    return f"cast({value} as varchar)"


def group_tables(
    connection: DuckDBPyConnection, folder: Path, entries: dict[str, VendorTable]
) -> dict[str, tuple[VendorTable, Path]]:
    """Which tables of a folder belong to which entries of a vendor.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        entries: of the vendor.

    Returns:
        Of each table, by its name: the entry, and the file or folder that holds it.

    Raises:
        InputProblem: a table is there twice.
    """
    sources = table_sources(folder)
    found: dict[str, tuple[VendorTable, list[Path]]] = {}
    for entry in entries.values():
        for name in entry.among(n for n in sources if n not in found):
            found[name] = entry, sources[name]
    for entry in entries.values():
        for name, paths in sources.items() if entry.any_table_with else ():
            if name not in found and set(entry.any_table_with) <= fields_of(connection, paths):
                found[name] = entry, paths
    return {name: (entry, only_one(folder, name, paths)) for name, (entry, paths) in found.items()}


def fields_of(connection: DuckDBPyConnection, paths: list[Path]) -> set[str]:
    """The columns and keys of the first file with rows at some paths; none if nothing can be read."""
    for path in paths:
        try:
            files = files_at(path)
            return first_fields(connection, files[0]) if files else set()
        except (Error, OSError, EOFError, zlib.error, csv.Error, UnicodeError):
            continue
    return set()


def read_views(
    connection: DuckDBPyConnection,
    folder: Path,
    entries: dict[str, VendorTable],
    known_parts: dict[str, str],
    row_tables: RowTables,
) -> tuple[list[VendorView], list[str]]:
    """Finds and checks the tables of a vendor. If a file has rows that can't be read, a table holds its other rows.

    Args:
        connection: to the database that takes these tables.
        folder: the folder that PLG_RAW_DIR names.
        entries: of the vendor.
        known_parts: the fingerprint of each file of events that an earlier build read.
        row_tables: of files with rows that can't be read.

    Returns:
        The tables, and a sentence for each problem.
    """
    views, problems = [], []
    try:
        grouped = group_tables(connection, folder, entries)
    except InputProblem as problem:
        return [], [f"{problem}."]
    of_views: dict[str, tuple[VendorTable, dict[str, Path]]] = {}
    for name, (entry, source) in grouped.items():
        view = name if entry.any_table_with else entry.name
        of_views.setdefault(view, (entry, {}))[1][name] = source
    for view, (entry, sources) in of_views.items():
        tables: dict[Path, str] = {}
        calls: list[Call] = []
        for name, source in sources.items():
            try:
                found = _calls(connection, source, known_parts, row_tables)
            except InputProblem as problem:
                problems.append(f"{problem}.")
                continue
            calls += found
            tables |= {path: name for call in found for path in call.files}
        if calls:
            views.append(VendorView(view, entry, tables, calls))
    return views, problems


# Files that this process has read to their end, as their fingerprints say.
_SOUND: set[tuple[str, str]] = set()


def _calls(
    connection: DuckDBPyConnection,
    source: Path,
    known_parts: dict[str, str],
    row_tables: RowTables,
) -> list[Call]:
    def read() -> list[Call]:
        files = [path for path in files_at(source) if path.stat().st_size]
        known = row_tables.known(files, {})
        calls = [row_tables.call(path) for path in known]
        calls += all_columns(connection, [path for path in files if path not in known])
        state = {path: (str(path.resolve()), file_fingerprint(path)) for path in files}
        unread = [
            path
            for path in files
            if state[path] not in _SOUND
            and not known_parts.get(str(path), "").startswith(state[path][1])
        ]
        broken = broken_files(connection, calls, unread)
        if broken:
            raise UnreadableFiles(broken)
        _SOUND.update(state[path] for path in files if path not in known)
        return calls

    try:
        return row_tables.read(read, {})
    except (Error, OSError, EOFError, zlib.error, csv.Error) as error:
        raise unreadable(source, error) from error


def parts_query(views: list[VendorView]) -> str:
    """The parts of the events: each file of a table that makes events, with its fingerprint.

    If events depend on other tables, the fingerprint does, too: on their files, or on the values of a column.

    Args:
        views: all tables of the export.
    """
    selects = []
    for view in views:
        if view.entry.makes == "events":
            more = "".join(f", {text}" for text in _depended(view.entry, views))
            values = ", ".join(f"({literal(f)}, '{file_fingerprint(f)}')" for f in view.files)
            selects.append(
                f"select part, concat(fingerprint{more}) as fingerprint "
                f"from (values {values}) as parts (part, fingerprint)"
            )
    nothing = (
        "select cast(null as varchar) as part, cast(null as varchar) as fingerprint where false"
    )
    return " union all ".join(selects) or nothing


def _depended(entry: VendorTable, views: list[VendorView]) -> Iterator[str]:
    for table, columns in entry.parts_depend_on:
        others = [view for view in views if view.entry.name == table]
        if columns is True:
            yield literal(" there" if others else "")
            continue
        if columns is None:
            files = sorted(f"{f} {file_fingerprint(f)}" for view in others for f in view.files)
            yield literal("".join(f" {text}" for text in files))
            continue
        texts = [
            f'select cast("{name}" as varchar) as value from ({view.query})'
            for name in ([columns] if isinstance(columns, str) else columns)
            for view in others
            if name in view.columns()
        ]
        if texts:
            yield (
                "(select concat(' ', count(*), ' ', sum(hash(value))) "
                f"from (select distinct value from ({' union all '.join(texts)})))"
            )
