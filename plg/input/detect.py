"""Finds where the raw data of a folder come from: PLG_SOURCE, or the columns of its tables."""

from __future__ import annotations

from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.files import table_sources
from plg.input.problem import InputProblem
from plg.input.vendor_tables import fields_of
from plg.input.vendors import AUTO, CANONICAL, SAME, VendorTable, read_vendors, source_names

SNOWPLOW = "snowplow"
# The canonical tables are recognized by these columns.
CANONICAL_TABLES = {
    "users": VendorTable("users", ("users",), markers=(("user_id", "created_at"),)),
    "events": VendorTable("events", ("events",), markers=(("user_id", "event_name", "timestamp"),)),
}


def find_source(connection: DuckDBPyConnection, folder: Path, setting: str) -> str:
    """The source of the raw data: canonical, or a vendor of models/adapters.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        setting: PLG_SOURCE.

    Raises:
        InputProblem: the setting is unknown, or the folder does not fit it; with auto: it fits no source or
            several.
    """
    if setting not in source_names():
        raise InputProblem(f"PLG_SOURCE {setting}: write one of {', '.join(source_names())}")
    vendor = SAME.get(setting, setting)
    if vendor == CANONICAL:
        return vendor
    there = table_sources(folder)
    found = _Fields(connection, there)
    if vendor != AUTO:
        _refuse_packed(folder)
        if vendor == SNOWPLOW:
            _refuse_tsv(folder, found)
        _refuse_other(vendor, setting, found, folder)
        return vendor
    fitting = _fitting(found)
    if len(fitting) > 1:
        raise InputProblem(
            f"PLG_SOURCE is auto, and {folder} fits {' and '.join(fitting)}; set PLG_SOURCE"
        )
    if fitting:
        return fitting[0]
    _refuse_packed(folder)
    _refuse_tsv(folder, found)
    # Problems of canonical tables are reported column by column.
    if not there or CANONICAL_TABLES.keys() & there.keys():
        return CANONICAL
    misnamed = _misnamed(found, _sources())
    if misnamed:
        raise InputProblem(f"PLG_SOURCE is auto, and {folder} fits no source: {misnamed}")
    raise InputProblem(
        f"PLG_SOURCE is auto, and {folder} fits no source (looked for {_looked_for()}); give the tables these "
        "names and columns, or set PLG_SOURCE"
    )


class _Fields:
    """The columns and keys of a folder's tables, each looked at once."""

    def __init__(self, connection: DuckDBPyConnection, there: dict[str, list[Path]]) -> None:
        self._connection = connection
        self.there = there
        self._known: dict[str, set[str]] = {}

    def of(self, table: VendorTable) -> list[set[str]]:
        """Of each table of an entry."""
        return [self.of_name(name) for name in table.among(self.there)]

    def of_name(self, name: str) -> set[str]:
        """Of one of the tables that are there."""
        if name not in self._known:
            self._known[name] = fields_of(self._connection, self.there[name])
        return self._known[name]


def _sources() -> dict[str, dict[str, VendorTable]]:
    """The tables of every source."""
    return {CANONICAL: CANONICAL_TABLES, **read_vendors()}


def _fitting(found: _Fields) -> list[str]:
    return [name for name, tables in _sources().items() if _fits(tables, found)]


def _fits(tables: dict[str, VendorTable], found: _Fields) -> bool:
    marked = [table for table in tables.values() if table.markers]
    return bool(marked) and all(
        any(
            not missing_of(markers, fields)
            for markers in table.markers
            for fields in found.of(table)
        )
        for table in marked
    )


def missing_of(markers: tuple[str, ...], fields: set[str]) -> list[str]:
    """The markers that are missing in some columns and keys; a column that must not exist counts, too."""
    return [
        marker
        for marker in markers
        if (marker[1:] in fields if marker.startswith("!") else marker not in fields)
    ]


def _refuse_other(vendor: str, setting: str, found: _Fields, folder: Path) -> None:
    """Stops if the tables don't fit the source that is set."""
    if _fits(read_vendors()[vendor], found):
        return
    others = [name for name in _fitting(found) if name != vendor]
    question = f"; its tables fit {others[0]}: set PLG_SOURCE={others[0]}" if others else ""
    for table in read_vendors()[vendor].values():
        fields = found.of(table)
        if table.markers and not fields:
            misnamed = _misnamed(found, {vendor: {table.name: table}})
            hint = f": {misnamed}" if misnamed else question
            raise InputProblem(
                f"PLG_SOURCE is {setting}, but {folder} has no table {' or '.join(table.names)}{hint}"
            )
        if table.markers:
            lacking = min((missing_of(m, f) for m in table.markers for f in fields), key=len)
            if lacking:
                raise InputProblem(
                    f"PLG_SOURCE is {setting}, but {table.names[0]} has no {', '.join(lacking)}{question}"
                )


def _misnamed(found: _Fields, sources: dict[str, dict[str, VendorTable]]) -> str:
    """Which table has the columns of a source's table, but another name; empty if none has."""
    for name in sorted(found.there):
        for source, tables in sources.items():
            for table in tables.values():
                if any(not missing_of(markers, found.of_name(name)) for markers in table.markers):
                    whose = "" if source == CANONICAL else f" of {source}"
                    needed = table.names[0]
                    return f"{name} has the columns of the table {needed}{whose}; rename it to {needed}"
    return ""


def _refuse_packed(folder: Path) -> None:
    packed = sorted(path.name for path in folder.glob("*.zip"))
    if packed:
        raise InputProblem(f"{folder} holds {packed[0]}: unpack it")


def _refuse_tsv(folder: Path, found: _Fields) -> None:
    """Stops at events in the form of Snowplow's pipeline: separated by tabs, without a header."""
    names = [f.name for f in sorted([*folder.glob("events*.tsv*"), *folder.glob("events/*.tsv*")])]
    fields = " ".join(field for fields in found.of(CANONICAL_TABLES["events"]) for field in fields)
    if "\t" in fields and "event_id" not in fields:
        names += [path.name for path in found.there["events"]]
    if names:
        raise InputProblem(
            f"{folder} holds {names[0]}, a TSV without a header; write a CSV or parquet file with the column "
            "names of Snowplow's table of events"
        )


def _looked_for() -> str:
    return "; ".join(
        f"{name}: "
        + " and ".join(
            f"{table.names[0]} with {' or '.join(', '.join(markers) for markers in table.markers)}"
            for table in tables.values()
            if table.markers
        )
        for name, tables in _sources().items()
    )
