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
# One source with two names: nothing tells them apart.
SAME = {"rudderstack": "segment"}


@dataclass(frozen=True)
class VendorTable:
    """What <vendor>_sources.yml says of a table.

    Attributes:
        name: of the entry; on DuckDB its view is <vendor>_<name>.
        names: the names that the table may have, in small letters; the first that is there is it.
        pattern: a regular expression of further names; all tables of such a name belong to it.
        any_table_with: columns: every further table that has them belongs to it.
        markers: lists of columns by which the vendor is known; one list is enough. properties.time is a
            key of the column properties; !uuid is a column that must not be there.
        makes: the canonical table that its rows go to.
        parts_depend_on: tables whose content the events of this table depend on: all of the table's
            files (the value is null), whether it is there (true), or the values of a column, of which each
            name is given that it has.
    """

    name: str
    names: tuple[str, ...] = ()
    pattern: str = ""
    any_table_with: tuple[str, ...] = ()
    markers: tuple[tuple[str, ...], ...] = ()
    makes: str = ""
    parts_depend_on: tuple[tuple[str, str | list[str] | bool | None], ...] = ()

    def among(self, there: Iterable[str]) -> list[str]:
        """Its tables among some names in small letters."""
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
