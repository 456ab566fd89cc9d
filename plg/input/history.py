"""The CSVs of PLG_HISTORY_DIR: values of metrics under other definitions, beside the raw table metric_history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.problem import InputProblem
from plg.input.raw_tables import RawTable, read_table
from plg.input.unreadable import RowTables
from plg.inputs import read_inputs

TABLE = "metric_history"


def add_history(
    connection: DuckDBPyConnection, tables: list[RawTable], folder: Path, row_tables: RowTables
) -> list[str]:
    """Adds the rows of the folder to the raw table metric_history.

    Args:
        connection: to the database that takes the tables of files with rows that can't be read.
        tables: the raw tables that were found; that of this name is replaced.
        folder: as PLG_HISTORY_DIR; it may be absent.
        row_tables: these tables.

    Returns:
        A sentence for each problem.
    """
    files = history_files(folder)
    place = next((n for n, table in enumerate(tables) if table.name == TABLE), None)
    if not files or place is None:
        return []
    # input_columns.csv has other names for the columns of your table. These files are our own.
    own = {TABLE: read_inputs()[TABLE]}
    try:
        added, problems = read_table(
            connection, folder, TABLE, {}, own, row_tables, (folder, files)
        )
    except InputProblem as problem:
        return [f"{problem}."]
    table = tables[place]
    tables[place] = replace(
        table,
        calls=(*table.calls, *added.calls),
        query=f"{table.query} union all {added.query}",
        warnings=(*table.warnings, *added.warnings),
    )
    return [f"{text}." for text in problems]


def history_files(folder: Path) -> list[Path]:
    """The CSVs of a folder that hold anything; none where there is no folder."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path
        for path in paths
        if path.suffix.lower() == ".csv"
        and not path.name.startswith((".", "_"))
        and path.is_file()
        and path.stat().st_size
    ]
