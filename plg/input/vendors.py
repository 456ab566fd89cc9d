"""The register of vendors: the tables of their exports, read from models/adapters without dbt.

from plg.input.vendors import read_vendors
read_vendors()["segment"]["tracks"].markers
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from plg.settings import PROJECT

ADAPTERS = PROJECT / "models" / "adapters"
CANONICAL = "canonical"
AUTO = "auto"
# One source with two names: their tables don't differ.
SAME = {"rudderstack": "segment"}


@dataclass(frozen=True)
class VendorTable:
    """What <vendor>_sources.yml says about a table; docs/contributing.md explains the entries.

    Attributes:
        name: of the entry; on DuckDB its view is <vendor>_<name>.
        names: the names that the table may have, in small letters; the first that exists counts.
        pattern: a regular expression for further names; every table that matches is part of this one.
        any_table_with: columns; every other table that has them is part of this one.
        markers: lists of columns by which the vendor is recognized; one list is enough. properties.time is
            a key of the column properties; !uuid is a column that must not exist.
        makes: the canonical table to which the rows go.
        parts_depend_on: other tables on which the events of this one depend: on all files (the value is
            null), on whether the table exists (true), or on the values of a column (its possible names).
    """

    name: str
    names: tuple[str, ...] = ()
    pattern: str = ""
    any_table_with: tuple[str, ...] = ()
    markers: tuple[tuple[str, ...], ...] = ()
    makes: str = ""
    parts_depend_on: tuple[tuple[str, str | list[str] | bool | None], ...] = ()

    def among(self, there: Iterable[str]) -> list[str]:
        """The names, in small letters, that are tables of this entry."""
        there = list(there)
        first = next(([name] for name in self.names if name in there), [])
        rest = [n for n in there if self.pattern and re.fullmatch(self.pattern, n)]
        return first + sorted(set(rest) - set(first))


@cache
def read_vendors(folder: Path = ADAPTERS) -> dict[str, dict[str, VendorTable]]:
    """Reads the register: each vendor with its tables, in the order of the files.

    Args:
        folder: of the adapters.
    """
    vendors: dict[str, dict[str, VendorTable]] = {}
    for file in sorted(folder.glob("*/*_sources.yml")):
        for source in yaml.safe_load(file.read_text("utf-8"))["sources"]:
            tables = (_table(entry) for entry in source["tables"])
            vendors[source["name"]] = {table.name: table for table in tables}
    return vendors


def _table(entry: dict[str, Any]) -> VendorTable:
    meta = entry.get("config", {}).get("meta", {})
    return VendorTable(
        name=entry["name"],
        names=tuple(meta.get("names", ())),
        pattern=meta.get("pattern", ""),
        any_table_with=tuple(meta.get("any_table_with", ())),
        markers=tuple(tuple(columns) for columns in meta.get("markers", ())),
        makes=meta.get("makes", ""),
        parts_depend_on=tuple(meta.get("parts_depend_on", {}).items()),
    )


def source_names() -> list[str]:
    """What PLG_SOURCE may say."""
    return [AUTO, CANONICAL, *sorted([*read_vendors(), *SAME])]
