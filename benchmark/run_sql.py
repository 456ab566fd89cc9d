"""Runs a SQL script on a new DuckDB file, one statement after another.

    python run_sql.py SCRIPT RAW_DIR DEFINITIONS_DIR DATABASE MEMORY_LIMIT THREADS CREDIBLE_UNTIL

The script reads the variables raw_dir, definitions_dir and credible_until (a timestamp) by
getvariable, or writes {raw_dir} and {definitions_dir} where a variable can't stand. A statement
ends with a semicolon at the end of a line.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb


def statements(script: str) -> list[str]:
    """The statements of a script, without those that hold nothing but comments."""
    parts = re.split(r";[ \t]*(?:--[^\n]*)?(?:\n|$)", script)
    without_comments = (re.sub(r"--[^\n]*|/\*.*?\*/", "", part, flags=re.DOTALL) for part in parts)
    return [part for part, code in zip(parts, without_comments, strict=True) if code.strip()]


def main() -> int:
    if len(sys.argv) != 8:
        print(__doc__, file=sys.stderr)
        return 2
    script, raw_dir, definitions_dir, database, memory_limit, threads, credible_until = sys.argv[1:]
    Path(database).unlink(missing_ok=True)
    text = Path(script).read_text()
    for name, value in (("raw_dir", raw_dir), ("definitions_dir", definitions_dir)):
        text = text.replace(f"{{{name}}}", value.replace("'", "''"))
    settings = {
        "storage_compatibility_version": "v1.4.0",
        "memory_limit": memory_limit,
        "threads": int(threads),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(database, config=settings) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set variable raw_dir = ?", [raw_dir])
        connection.execute("set variable definitions_dir = ?", [definitions_dir])
        connection.execute("set variable credible_until = cast(? as timestamp)", [credible_until])
        for statement in statements(text):
            try:
                connection.execute(statement)
            except duckdb.Error as error:
                print(f"{script}: {error}\nin the statement\n{statement.strip()}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
