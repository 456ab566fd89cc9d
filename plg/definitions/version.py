"""The version of the definitions, without dbt: the same as that of the macro definitions_version.

It is 12 hexadecimal digits that change with any definition and any var that can move a number. A build says its
version, definition_log.csv says when it came and why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Two say what a version is and what a metric means; past 1 MB, which excluded_users may be, dbt hashes the
# path of a seed.
SEEDS_WITHOUT_VERSION = ("definition_log", "metric_registry", "excluded_users")
# Until when the data are observed is no definition, and the others move no number.
VARS_WITHOUT_VERSION = (
    "observed_until",
    "fail_on_warnings",
    "removed_rows_warning",
    "unreadable_rows_allowed",
)
DIGITS = 12


def definitions_version(folder: Path, values: Mapping[str, Any]) -> str:
    """The version of a folder of definitions and of vars.

    Args:
        folder: of the definition CSVs.
        values: the value of each var that dbt_project.yml declares, in the build.
    """
    from plg.definitions.checks import DEFINITIONS

    names = [name for name in DEFINITIONS if name not in SEEDS_WITHOUT_VERSION]
    checksums = {name: seed_checksum(folder / f"{name}.csv") for name in names}
    declared = {name: values[name] for name in values if name not in VARS_WITHOUT_VERSION}
    return version_of(checksums, declared)


def seed_checksum(path: Path) -> str:
    """dbt's checksum of a seed: of its text without the white space at its ends."""
    return hashlib.sha256(path.read_bytes().decode().strip().encode()).hexdigest()


def version_of(checksums: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The version of seeds and vars.

    Args:
        checksums: the checksum of each seed, by its name.
        values: the value of each var, by its name.
    """
    seeds = "".join(f"{name}={checksums[name]}\n" for name in sorted(checksums))
    text = seeds + json.dumps(dict(values), sort_keys=True, default=str)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:DIGITS]


def version_of_build(
    project_file: Path, folder: Path, given: Mapping[str, Any] | None = None
) -> str:
    """The version of a build.

    Args:
        project_file: dbt_project.yml.
        folder: of the definition CSVs, and of vars.txt.
        given: the vars of --vars.
    """
    from plg.definitions.dbt_vars import project_vars
    from plg.definitions.own_vars import own_vars

    shipped = project_vars(project_file)
    values = shipped | own_vars(folder) | dict(given or {})
    return definitions_version(folder, {name: values[name] for name in shipped})


def declared_vars(project_file: Path) -> list[str]:
    """The vars that are in the version.

    Args:
        project_file: dbt_project.yml.
    """
    from plg.definitions.dbt_vars import project_vars

    return sorted(name for name in project_vars(project_file) if name not in VARS_WITHOUT_VERSION)
