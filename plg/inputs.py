"""The register of inputs: the raw tables, their columns and types, read from yml without dbt.

A raw table is known once, by models/staging/sources.yml. What reads raw files (plg/input), shows them
to an engine (plg/engines) or makes them in a test asks this register; the macro create_raw_views
reads the same entries from dbt.

    from plg.inputs import read_inputs
    read_inputs()["events"].required
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from plg.settings import PROJECT

SOURCES = PROJECT / "models" / "staging" / "sources.yml"
SOURCE = "raw"
# The build adds these columns to each row of every table, with these types; no file delivers them. In
# sources.yml they are marked with made_by_build.
MADE = {"part": "string", "file_name": "string", "is_unreadable": "boolean"}


@dataclass(frozen=True)
class Input:
    """What sources.yml says of a raw table.

    Attributes:
        name: of the table, and of its file or folder.
        columns: the data type of each column that is delivered, in their order: string, timestamp or
            any other that the engines share, such as date or decimal(18, 2).
        required: the columns without which a row does not count.
        may_be_absent: the columns that no file needs.
        one_of: columns of which the table needs at least one; empty where there is no such choice.
        is_optional: whether the table may be absent.
        never_empty: whether a build needs at least one row.
        parts: the name of the view of its parts; empty where a build always reads the whole table.
        takes_further: whether it may have any further column; each is read as text.
        further: the further columns that segments.csv names; True where it gives bounds.
        sources: the column's name in your files, if input_columns.csv gives another one.
    """

    name: str
    columns: dict[str, str]
    required: tuple[str, ...] = ()
    may_be_absent: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    is_optional: bool = False
    never_empty: bool = False
    parts: str = ""
    takes_further: bool = False
    further: Mapping[str, bool] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, column: str) -> str:
        """The name that the files have for a column, in small letters."""
        return self.sources.get(column, column)

    @property
    def times(self) -> tuple[str, ...]:
        """The columns that hold times."""
        return tuple(name for name, data_type in self.columns.items() if data_type == "timestamp")

    @property
    def occurred(self) -> str:
        """The first column of a time or date, which tells the parts of a single file; else empty."""
        dated = (name for name, kind in self.columns.items() if kind in ("timestamp", "date"))
        return next(dated, "")

    @property
    def views(self) -> tuple[str, ...]:
        """The names of the views that show it."""
        return (self.name, self.parts) if self.parts else (self.name,)


@cache
def read_inputs(file: Path = SOURCES) -> dict[str, Input]:
    """Reads the register.

    Args:
        file: a yml file of dbt sources; the tables are those of the source `raw`.

    Returns:
        Each raw table by its name, in the order of the file.

    Raises:
        ValueError: an entry is missing or contradicts another one; the sentence names it.
    """
    sources = yaml.safe_load(file.read_text("utf-8"))["sources"]
    tables = next(source["tables"] for source in sources if source["name"] == SOURCE)
    meta = {table["name"]: table.get("config", {}).get("meta", {}) for table in tables}
    parts = {said["parts_of"]: name for name, said in meta.items() if "parts_of" in said}
    delivered = [table for table in tables if "parts_of" not in meta[table["name"]]]
    return {t["name"]: _input(t, meta[t["name"]], parts, file) for t in delivered}


def without_login(inputs: Mapping[str, Input]) -> dict[str, Input]:
    """The register for a product without login: events need no user_id, and users may be empty."""
    return {**with_devices(inputs), "users": replace(inputs["users"], never_empty=False)}


def with_devices(inputs: Mapping[str, Input]) -> dict[str, Input]:
    """The register where events need no user_id: the device says whose they are."""
    events = inputs["events"]
    required = tuple(column for column in events.required if column != "user_id")
    return {**inputs, "events": replace(events, required=required)}


def _input(table: dict[str, Any], meta: dict[str, Any], parts: dict[str, str], file: Path) -> Input:
    name = table["name"]
    said = {c["name"]: c.get("config", {}).get("meta", {}) for c in table["columns"]}
    columns = [c for c in table["columns"] if not said[c["name"]].get("made_by_build")]
    for column in columns:
        if "data_type" not in column:
            raise ValueError(f"{file}: {name}.{column['name']} has no data_type; write one.")
        if column["name"] in MADE:
            raise ValueError(
                f"{file}: {name}.{column['name']} is the build's; mark it with made_by_build."
            )
    types = {column["name"]: column["data_type"] for column in columns}
    required = tuple(meta.get("required", ()))
    absent = tuple(column for column in types if said[column].get("may_be_absent"))
    for column in required:
        if column not in types or column in absent:
            raise ValueError(
                f"{file}: {name} requires the column {column}, which "
                f"{'may be absent' if column in types else 'is not among its columns'}; fix one entry."
            )
    return Input(
        name=name,
        columns=types,
        required=required,
        may_be_absent=absent,
        one_of=tuple(meta.get("one_of", ())),
        is_optional=bool(meta.get("optional")),
        never_empty=bool(meta.get("never_empty")),
        parts=parts.get(name, ""),
        takes_further=bool(meta.get("further_columns")),
    )
