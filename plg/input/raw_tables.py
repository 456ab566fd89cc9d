"""Finds the raw tables of PLG_RAW_DIR, whatever their form, and writes the queries that read them.

A query gives the rows in the columns and types of the register of inputs (plg/inputs.py): text, UTC
timestamps. Cleaning is for the staging models.

    files.py   finds the files          forms.py   reads each form
    parts.py   what a build reads again  checks.py  reads the rows before a build
    lines.py, unreadable.py  sort out rows that can't be read  folders.py  compares files with folders
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from plg.input.checks import empty_columns, new_files
from plg.input.files import find_files, table_sources
from plg.input.folders import contradictions
from plg.input.forms import Call, Wanted, calls
from plg.input.names import listed, with_further_columns, wrong_names
from plg.input.parts import file_fingerprint, part_kind, parts, select
from plg.input.problem import InputProblem, unreadable
from plg.input.sql import no_value
from plg.input.unreadable import RowTables
from plg.inputs import MADE, Input, read_inputs, with_devices

__all__ = [
    "InputProblem",
    "RawTable",
    "empty_columns",
    "empty_table",
    "find_table",
    "find_tables",
    "read_table",
]


# The tables that this process has read without a problem, each with its warnings. `plg build` reads them
# before dbt starts; dbt's plugin, in the same process, need not read them again.
_SOUND: dict[tuple[str, ...], tuple[str, ...]] = {}


@dataclass(frozen=True)
class RawTable:
    """One raw table: the file or folder that holds it, and the queries that read it.

    Attributes:
        input: the entry of the register of inputs.
        source: the file or folder; where an optional table is absent, where it would be.
        calls: what reads the files; none where an optional table is absent.
        part_kind: what a part is: "arrival" (a date of received_at), "date" (of occurrence), "file".
        query: reads the rows, each with the `part` that it belongs to.
        parts_query: reads the parts, each with a `fingerprint` that changes whenever its rows do.
        warnings: sentences about what is allowed and looks wrong.
    """

    input: Input
    source: Path
    calls: tuple[Call, ...]
    part_kind: str
    query: str
    parts_query: str
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.input.name


def find_table(
    connection: DuckDBPyConnection,
    folder: Path,
    name: str,
    inputs: Mapping[str, Input] | None = None,
    row_tables: RowTables | None = None,
) -> RawTable:
    """Finds a raw table and writes the query that reads it in the interface's columns and types.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        name: of a table of the register, such as "users".
        inputs: the register of inputs; the project's where None.
        row_tables: of files with rows that can't be read; none where None.

    Raises:
        InputProblem: files that are missing, ambiguous, unreadable, or lack a column.
        UnreadableFiles: some rows can't be read.
    """
    table = (inputs or read_inputs())[name]
    source = folder / name
    try:
        source, files = find_files(folder, table)
        known = row_tables.known(files, Wanted(table)) if row_tables else []
        found = list(
            calls(connection, source, files, table, {f: row_tables.call(f) for f in known})
        )
    except (Error, OSError, EOFError, zlib.error, csv.Error) as error:
        raise unreadable(source, error) from error
    if not found:
        return empty_table(table, source)
    _refuse_missing_columns(found, table)
    wrong = "; ".join(wrong_names(table, found))
    if wrong:
        raise InputProblem(wrong)
    table = with_further_columns(table, found)
    kind = part_kind(source, found)
    expressions, parts_query = parts(source, kind, found, table)
    query = " union all ".join(
        select(call, table, part) for call, part in zip(found, expressions, strict=True)
    )
    return RawTable(table, source, tuple(found), kind, query, parts_query)


def read_table(
    connection: DuckDBPyConnection,
    folder: Path,
    name: str,
    known_parts: dict[str, str],
    inputs: Mapping[str, Input] | None = None,
    row_tables: RowTables | None = None,
) -> tuple[RawTable, list[str]]:
    """Finds a raw table and checks it; files with rows that can't be read get tables of the others.

    Args:
        connection: to the database that takes these tables.
        folder: the folder that PLG_RAW_DIR names.
        name: of a table of the register.
        known_parts: the fingerprint of each part that an earlier build read.
        inputs: the register of inputs; the project's where None.
        row_tables: the tables of such files; in the schema raw where None.

    Returns:
        The table, and what is wrong with its columns.

    Raises:
        InputProblem: what has to be fixed before a build.
    """
    register = inputs or read_inputs()
    tables = row_tables or RowTables(connection)

    def read() -> tuple[RawTable, list[str]]:
        table = find_table(connection, folder, name, register, tables)
        state = _state(table, known_parts)
        if state not in _SOUND:
            found = list(empty_columns(connection, table, known_parts, tables.allowed))
            if found:
                return table, found
            _SOUND[state] = _warnings(connection, table, known_parts)
        return replace(table, warnings=_SOUND[state]), []

    return tables.read(read, Wanted(register[name]))


def find_tables(
    connection: DuckDBPyConnection,
    folder: Path,
    known_parts: Mapping[str, dict[str, str]] | None = None,
    inputs: Mapping[str, Input] | None = None,
    row_tables: RowTables | None = None,
) -> tuple[list[RawTable], list[str]]:
    """Finds and checks all raw tables.

    Args:
        connection: to the database that takes the tables of files with rows that can't be read.
        folder: the folder that PLG_RAW_DIR names.
        known_parts: by name of a table, the fingerprint of each part that an earlier build read.
        inputs: the register of inputs; the project's where None.
        row_tables: these tables; in the schema raw where None.

    Returns:
        The tables that were found, and a sentence for each problem.
    """
    tables: list[RawTable] = []
    problems: list[str] = []
    register = read_inputs() if inputs is None else inputs
    if "aliases" in table_sources(folder) and "events" in register:
        register = with_devices(register)
    for name in register:
        try:
            known = (known_parts or {}).get(name, {})
            table, found = read_table(connection, folder, name, known, register, row_tables)
            tables.append(table)
            problems += [f"{text}." for text in found]
        except InputProblem as problem:
            problems.append(f"{problem}.")
    return tables, problems


def _warnings(
    connection: DuckDBPyConnection, table: RawTable, known_parts: dict[str, str]
) -> tuple[str, ...]:
    if not any(call.doubled for call in table.calls):
        return ()
    files = new_files(connection, table, known_parts)
    return tuple(f"{text}." for text in contradictions(connection, table, files))


def _state(table: RawTable, known: Mapping[str, str]) -> tuple[str, ...]:
    """What a check of a table depends on: its files as they are now, and the parts it passes over."""
    files = sorted({file.resolve() for call in table.calls for file in call.files})
    in_tables = {f.resolve() for c in table.calls if c.is_table for f in c.files}
    fingerprints = (f"{f} {file_fingerprint(f)} {f in in_tables}" for f in files)
    return (
        table.name,
        repr(table.input),
        *fingerprints,
        *(f"{part} {known[part]}" for part in sorted(known)),
    )


def _refuse_missing_columns(found: list[Call], table: Input) -> None:
    """Each file needs what a row can't do without; one of the files needs the rest."""
    anywhere = {column for call in found for column in call.types}
    needed = [column for column in table.columns if column not in table.may_be_absent]
    for call in found:
        missing = [
            column
            for column in needed
            if column not in (call.types if column in table.required else anywhere)
        ]
        if missing:
            raise InputProblem(
                f"{call.files[0]}: column {', '.join(missing)} is missing; the table {table.name} "
                f"needs the columns {', '.join(needed)} (a column may be empty, not absent); in a "
                "CSV, the first line has their names, separated by commas. "
                f"{table.name} has {listed(call.there)}: if these are other names for them, write them into "
                "input_columns.csv"
            )
    if found and table.one_of and not anywhere & set(table.one_of):
        raise InputProblem(
            f"{table.name} has neither {' nor '.join(table.one_of)}. It has "
            f"{listed(found[0].there)}: if one of these is another name for one of them, write it into "
            "input_columns.csv"
        )


def empty_table(table: Input, source: Path) -> RawTable:
    """A table of no rows in the columns and types of the register: an optional one that is absent.

    Args:
        table: of the register of inputs.
        source: where it would be.
    """
    types = {**MADE, **table.columns, **dict.fromkeys(table.further, "string")}
    columns = ", ".join(f'{no_value(kind)} as "{name}"' for name, kind in types.items())
    part = no_value("string")
    return RawTable(
        input=table,
        source=source,
        calls=(),
        part_kind="file",
        query=f"select {columns} where false",
        parts_query=f"select {part} as part, {part} as fingerprint where false",
    )
