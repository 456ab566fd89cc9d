"""Reads publications again and again, as dashboards do, and tells what it saw.

Usage: published_reader.py FOLDER STOP_FILE PAUSE

Reads PLG_PUBLISH_DIR's `current`, each time anew and with so many seconds between, until the file
exists; then prints JSON: how many reads there were, which failed and why, and of each version all
that was read of it.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

ONE_THREAD = {"threads": 1}


@dataclass(frozen=True)
class Reading:
    """What one read found; `content` is a number of rows and a hash of them, for each table."""

    version: str
    observed_until: str
    content: tuple[tuple[str, int, int], ...]


class Mixed(Exception):
    """A read found parts of several publications."""


def read_database(file: Path) -> Reading:
    """Reads all tables of a published DuckDB file.

    Raises:
        Mixed: they are of several publications.
    """
    with duckdb.connect(str(file), read_only=True, config=ONE_THREAD) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        return _read(connection, {name: f"marts.{name}" for (name,) in names})


def read_parquet(folder: Path) -> Reading:
    """Reads all files of a published folder `parquet`.

    Raises:
        Mixed: they are of several publications.
    """
    with duckdb.connect(config=ONE_THREAD) as connection:
        return _read(
            connection, {file.stem: f"read_parquet('{file}')" for file in folder.glob("*.parquet")}
        )


def _read(connection: duckdb.DuckDBPyConnection, tables: dict[str, str]) -> Reading:
    content = []
    for name, rows in sorted(tables.items()):
        found = connection.execute(f"select count(*), bit_xor(hash(t)) from {rows} as t").fetchone()
        content.append((name, *found))
    ((version, observed_until),) = connection.execute(
        f"select version, cast(observed_until_at as text) from {tables['publication']}"
    ).fetchall()
    scored = connection.execute(
        f"select distinct cast(scored_at as text) from {tables['pql_scores']}"
    ).fetchall()
    if scored != [(observed_until,)]:
        raise Mixed(f"{version} is observed until {observed_until}, its leads were scored {scored}")
    return Reading(version, observed_until, tuple(content))


def read_both(folder: Path) -> tuple[Reading, Reading]:
    """Reads the current DuckDB file, and the current parquet files, of PLG_PUBLISH_DIR."""
    database = read_database(folder / "current" / "plg.duckdb")
    # Followed once: from here on, all files are of one version.
    return database, read_parquet((folder / "current").resolve() / "parquet")


def published_versions(folder: Path) -> list[str]:
    """The versions in PLG_PUBLISH_DIR, the oldest first."""
    return sorted(path.name for path in (folder / "versions").iterdir() if path.name[0] != ".")


def main() -> None:
    folder, stop_file, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    read_count, failures, seen = 0, [], {}
    while not stop_file.exists():
        try:
            for reading in read_both(folder):
                read_count += 1
                contents = seen.setdefault(reading.version, [])
                if (found := [reading.observed_until, reading.content]) not in contents:
                    contents.append(found)
        except (Mixed, OSError, duckdb.Error, KeyError) as error:
            failures.append(f"{type(error).__name__}: {error}")
        time.sleep(pause)
    print(json.dumps({"read_count": read_count, "failures": failures, "versions": seen}))


if __name__ == "__main__":
    main()
