"""Writes canonical rows in a vendor's format, builds both, and compares every mart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from plg.compare import differences, mart_differences
from plg.marts import read_marts
from tests.adapters.canonical import Canonical
from tests.harness import build

# Nothing but a trait tells a signup, as in canonical tables.
ONLY_TRAITS = {"signup_event": ["no_such_event"], "unknown_signup_days": 3650}
# Another format has other files.
OF_FILES = ("file_lost",)


def round_trip(
    rows: Canonical,
    write: Callable[[Canonical, Path], None],
    folder: Path,
    *,
    definitions_dir: Path | None = None,
    variables: Mapping[str, Any] | None = None,
) -> list[str]:
    """Builds canonical rows and the same rows in a vendor's format.

    Args:
        rows: that the format can carry.
        write: writes them as the vendor's tables into a folder.
        folder: an empty one, for all files.
        definitions_dir: of the definitions; the shipped ones where None.
        variables: dbt vars.

    Returns:
        A sentence for each difference between the marts.
    """
    rows.write(folder / "canonical")
    (folder / "vendor").mkdir()
    write(rows, folder / "vendor")
    built = []
    for name in ("canonical", "vendor"):
        workdir = folder / f"build-{name}"
        workdir.mkdir()
        given = dict(variables or {}) | ONLY_TRAITS
        built.append(build(folder / name, workdir, definitions_dir, given))
    with duckdb.connect() as connection:
        for name, database in zip(("canonical", "vendor"), built, strict=True):
            connection.execute(f"attach '{database}' as {name} (read_only)")
        found = mart_differences(
            connection,
            "canonical.marts.{}".format,
            "vendor.marts.{}".format,
            names=[name for name in read_marts() if name != "build_warnings"],
        )
        warnings = [
            f"(select * from {side}.marts.build_warnings where warning_id not in {(*OF_FILES, '')})"
            for side in ("canonical", "vendor")
        ]
        key = read_marts()["build_warnings"].key
        return found + differences(connection, "build_warnings", key, *warnings)
