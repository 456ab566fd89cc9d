"""What a folder delivers: its source, the raw tables, and a vendor's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.detect import find_source
from plg.input.history import add_history
from plg.input.names import named_inputs
from plg.input.problem import InputProblem
from plg.input.raw_tables import RawTable, empty_table, find_tables
from plg.input.unreadable import RowTables
from plg.input.vendor_checks import wrong_values
from plg.input.vendor_tables import VendorView, parts_query, read_views
from plg.input.vendors import CANONICAL, read_vendors
from plg.settings import Settings

# The canonical tables that an adapter makes, even if the vendor does not have them.
OF_ADAPTERS = ("users", "events", "aliases", "touches")


@dataclass
class Delivered:
    """What a folder delivers.

    Attributes:
        source: canonical, or a vendor.
        tables: the raw tables; the ones that the vendor's adapter makes are empty.
        views: the tables of the vendor.
        problems: a sentence for each problem.
    """

    source: str = CANONICAL
    tables: list[RawTable] = field(default_factory=list)
    views: list[VendorView] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def vendor_names(self) -> list[str]:
        """The names that the vendor's tables have as views."""
        return [f"{self.source}_{view.name}" for view in self.views]

    @property
    def files_in_tables(self) -> list[Path]:
        """The files of which a table holds the rows that can be read."""
        return [
            path
            for holder in (*self.tables, *self.views)
            for call in holder.calls
            if call.is_table
            for path in call.files
        ]


def made_by_adapters(source: str) -> set[str]:
    """The canonical tables that a vendor's adapters make."""
    return {*OF_ADAPTERS, *(entry.makes for entry in read_vendors()[source].values())}


def find_delivered(
    connection: DuckDBPyConnection,
    folder: Path,
    setting: str,
    definitions_dir: Path,
    known_parts: Mapping[str, str],
    schema: str,
    allowed: float,
) -> Delivered:
    """Finds and checks everything that a folder delivers.

    Args:
        connection: to the database that takes the tables of files with rows that can't be read.
        folder: the folder that PLG_RAW_DIR names.
        setting: PLG_SOURCE.
        definitions_dir: of the CSVs that name columns.
        known_parts: the fingerprint of each part of the events that an earlier build read.
        schema: of the raw tables.
        allowed: the share of a file's rows that may be unreadable.
    """
    try:
        source = find_source(connection, folder, setting)
    except InputProblem as problem:
        return Delivered(problems=[f"{problem}."])
    found = Delivered(source)
    row_tables = RowTables(connection, schema, allowed)
    settings = Settings.from_environment()
    anonymous_users = settings.anonymous_users
    inputs = named_inputs(definitions_dir, anonymous_users=anonymous_users)
    if source == CANONICAL:
        known = {"events": dict(known_parts)}
        found.tables, found.problems = find_tables(connection, folder, known, inputs, row_tables)
        found.problems += add_history(connection, found.tables, settings.history_dir, row_tables)
        return found
    entries = read_vendors()[source]
    made = made_by_adapters(source)
    own = {name: table for name, table in inputs.items() if name not in made}
    found.tables, found.problems = find_tables(
        connection, folder, inputs=own, row_tables=row_tables
    )
    found.problems += add_history(connection, found.tables, settings.history_dir, row_tables)
    of_vendor = RowTables(connection, schema, allowed, all_columns=True)
    found.views, more = read_views(connection, folder, entries, dict(known_parts), of_vendor)
    found.problems += more
    if not known_parts:
        found.problems += wrong_values(connection, source, found.views, anonymous_users)
    for name, table in inputs.items():
        if name in made:
            empty = empty_table(table, folder / name)
            if name == "events":
                empty = replace(empty, parts_query=parts_query(found.views))
            found.tables.append(empty)
    return found
