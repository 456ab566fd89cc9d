"""Finds the raw tables of PLG_RAW_DIR, whatever their form, and writes the queries that read them.

A query gives the rows in the columns and types of the register of inputs (plg/inputs.py): text, UTC
timestamps. Cleaning is for the staging models.

    files.py   finds the files          forms.py   reads each form
    parts.py   what a build reads again  checks.py  reads the rows before a build
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from plg.input.checks import empty_columns
from plg.input.files import find_files
from plg.input.forms import Call, calls
from plg.input.parts import file_fingerprint, part_kind, parts, select
from plg.input.problem import InputProblem, unreadable
from plg.input.sql import no_value
from plg.inputs import MADE, Input, read_inputs

__all__ = ["InputProblem", "RawTable", "empty_columns", "find_table", "find_tables"]


# The tables that this process has read without a problem. `plg build` reads them before dbt starts; dbt's
# plugin, in the same process, need not read them again.
_SOUND: set[tuple[str, ...]] = set()


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
    """

    input: Input
    source: Path
    calls: tuple[Call, ...]
    part_kind: str
    query: str
    parts_query: str

    @property
    def name(self) -> str:
        return self.input.name

    @property
    def has_text_files(self) -> bool:
        """Whether a line of it may be broken."""
        return any(path.suffix.lower() != ".parquet" for call in self.calls for path in call.files)


def find_table(
    connection: DuckDBPyConnection,
    folder: Path,
    name: str,
    inputs: Mapping[str, Input] | None = None,
) -> RawTable:
    """Finds a raw table and writes the query that reads it in the interface's columns and types.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        name: of a table of the register, such as "users".
        inputs: the register of inputs; the project's where None.

    Raises:
        InputProblem: files that are missing, ambiguous, unreadable, or lack a column.
    """
    table = (inputs or read_inputs())[name]
    source = folder / name
    try:
        source, files = find_files(folder, table)
        found = list(calls(connection, source, files, table))
    except (Error, OSError, EOFError, zlib.error, csv.Error) as error:
        raise unreadable(source, error) from error
    if not found:
        return _empty_table(table, source)
    _refuse_missing_columns(found, table)
    kind = part_kind(source, found)
    expressions, parts_query = parts(source, kind, found, table)
    query = " union all ".join(
        select(call, table, part) for call, part in zip(found, expressions, strict=True)
    )
    return RawTable(table, source, tuple(found), kind, query, parts_query)


def find_tables(
    connection: DuckDBPyConnection,
    folder: Path,
    known_parts: Mapping[str, dict[str, str]] | None = None,
    inputs: Mapping[str, Input] | None = None,
) -> tuple[list[RawTable], list[str]]:
    """Finds and checks all raw tables.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        known_parts: by name of a table, the fingerprint of each part that an earlier build read.
        inputs: the register of inputs; the project's where None.

    Returns:
        The tables that were found, and a sentence for each problem.
    """
    tables: list[RawTable] = []
    problems: list[str] = []
    for name in inputs or read_inputs():
        try:
            tables.append(find_table(connection, folder, name, inputs))
            known = (known_parts or {}).get(name, {})
            state = _state(tables[-1], known)
            if state in _SOUND:
                continue
            found = [f"{text}." for text in empty_columns(connection, tables[-1], known)]
            problems += found
            if not found:
                _SOUND.add(state)
        except InputProblem as problem:
            problems.append(f"{problem}.")
    return tables, problems


def _state(table: RawTable, known: Mapping[str, str]) -> tuple[str, ...]:
    """What a check of a table depends on: its files as they are now, and the parts it passes over."""
    files = sorted({file.resolve() for call in table.calls for file in call.files})
    fingerprints = (f"{file} {file_fingerprint(file)}" for file in files)
    return table.name, *fingerprints, *(f"{part} {known[part]}" for part in sorted(known))


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
                "CSV, the first line names them, separated by commas"
            )


def _empty_table(table: Input, source: Path) -> RawTable:
    """An optional table that is absent: no rows, in the columns and types of the interface."""
    types = {**MADE, **table.columns}
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
