"""Checks where a build will write, before it starts: DuckDB and dbt would stop midway."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from plg.schemas import PLAIN, schema_names
from plg.settings import Settings

# DuckDB's own.
RESERVED = ("main", "temp", "system", "information_schema", "pg_catalog")


def check_names(database: Path, raw_schema: str, target_schema: str = PLAIN) -> list[str]:
    """Problems with the names: a database and a schema of one name are ambiguous in SQL.

    Args:
        database: the file that PLG_DATABASE names.
        raw_schema: what PLG_RAW_SCHEMA says.
        target_schema: what PLG_SCHEMA says.
    """
    problems = []
    taken = (*schema_names(target_schema), *RESERVED)
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", raw_schema):
        problems.append(
            f"PLG_RAW_SCHEMA {raw_schema}: this is no plain name; write letters, digits and _, "
            "such as raw."
        )
    elif raw_schema.lower() in taken:
        problems.append(
            f"PLG_RAW_SCHEMA {raw_schema}: this schema is the project's or DuckDB's own; name another "
            "one, such as raw."
        )
    if re.search("[\"';#]", database.name):
        problems.append(
            f"PLG_DATABASE {database}: quotes, ; and # in the file's name are not understood by dbt; "
            "name it otherwise, such as plg.duckdb."
        )
    # DuckDB's name for a database: that of its file, up to the first point.
    name = next((part for part in database.name.split(".") if part), "").lower()
    if name in (*taken, raw_schema.lower()):
        problems.append(
            f"PLG_DATABASE {database}: {name} is the name of a schema, too, and SQL could not tell "
            "them apart; name the file otherwise, such as plg.duckdb."
        )
    return problems


def check_memory_limit(limit: str) -> list[str]:
    """Problems with PLG_MEMORY_LIMIT."""
    sentence = f"PLG_MEMORY_LIMIT {limit}: "
    if limit.strip().startswith("-"):
        return [
            f"{sentence}it is negative, and DuckDB would take all; write it such as 4GB or 60%."
        ]
    try:
        with duckdb.connect(config={"memory_limit": limit}) as connection:
            connection.execute("create temp table probe as select * from range(1000)")
    except duckdb.OutOfMemoryException:
        return [f"{sentence}this is too little to read anything; write it such as 4GB or 60%."]
    except duckdb.Error as error:
        said = str(error).removeprefix("Parser Error: ").splitlines()[0].rstrip(".")
        return [f"{sentence}DuckDB can't read it ({said}); write it such as 4GB or 60%."]
    return []


def check_database(database: Path) -> Iterator[str]:
    """One sentence if PLG_DATABASE can't be written: its place, its content, or who has it open."""
    sentence = f"PLG_DATABASE {database}: "
    if not database.parent.is_dir():
        yield f"{sentence}there is no folder {database.parent}; make it, or name another file."
    elif database.is_dir():
        yield f"{sentence}this is a folder; name a file in it, such as {database / 'plg.duckdb'}."
    elif not database.exists():
        if not os.access(database.parent, os.W_OK):
            yield f"{sentence}nothing can be written to {database.parent}; name another file."
    else:
        try:
            duckdb.connect(str(database)).close()
        except duckdb.Error as error:
            held = re.search(r"Conflicting lock is held(?: in)? (.*?\(?PID \d+\)?)", str(error))
            if held:
                yield (
                    f"{sentence}another process has it open, a reader or another build: {held[1]}. "
                    "Wait for it, or end it. Let readers open what `plg publish` makes: a build needs "
                    "none of it."
                )
            else:
                said = " ".join(str(error).split()).rstrip(".")
                yield (
                    f"{sentence}DuckDB can't open it ({said}); name another file, or move this one "
                    "away, and a build makes a new one."
                )


def check_output_dir(settings: Settings) -> list[str]:
    """One sentence if dbt has no place for its own files: its target folder and its log."""
    if os.access(settings.output_dir, os.W_OK):
        return []
    if settings.output_dir.is_dir():
        reason = f"nothing can be written to {settings.output_dir}"
    else:
        reason = f"there is no folder {settings.output_dir}"
    return [f"{reason}; set PLG_OUTPUT_DIR to a folder that can be written to."]
