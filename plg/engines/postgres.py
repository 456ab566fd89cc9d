"""Takes raw rows to PostgreSQL, and its marts back to compare; scripts/compare_postgres calls it.

compare_postgres.py load FOLDER      the raw files into tables of the schema raw_source
compare_postgres.py compare FILE     every mart against that of the DuckDB file
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from plg.compare import differences, open_databases
from plg.input.raw_tables import TABLES, TIMES, find_table
from plg.marts import read_marts

SERVER = {name: os.environ[f"PLG_POSTGRES_{name}"] for name in ("HOST", "PORT", "USER", "DATABASE")}


def psql(command: str) -> None:
    address = [*("-h", SERVER["HOST"]), *("-p", SERVER["PORT"]), *("-U", SERVER["USER"])]
    settings = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
    subprocess.run(
        ["psql", *address, *settings, "-d", SERVER["DATABASE"], "-c", command],
        check=True,
        env={**os.environ, "PGPASSWORD": os.environ["PLG_POSTGRES_PASSWORD"]},
    )


def load(folder: Path, work: Path) -> None:
    psql("create schema if not exists raw_source")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, columns in TABLES.items():
            types = [f'"{c}" {"timestamp" if c in TIMES else "text"}' for c in columns]
            names = ", ".join(f'"{column}"' for column in columns)
            rows = f"select {names} from ({find_table(connection, folder, name).query})"
            connection.execute(f"copy ({rows}) to '{work}/{name}.csv' (header, nullstr '\\N')")
            psql(f"create table raw_source.{name} ({', '.join(types)})")
            options = "(format csv, header, null '\\N')"
            psql(f"\\copy raw_source.{name} from '{work}/{name}.csv' with {options}")


def compare(database: Path, work: Path) -> int:
    """Says what differs, mart by mart; 1 where something does."""
    found = []
    with open_databases(ours=database) as connection:
        for mart, said in read_marts().items():
            path = work / f"{mart}.csv"
            psql(f"\\copy marts.{mart} to '{path}' with (format csv, header, null '\\N')")
            described = connection.execute(f"describe ours.marts.{mart}").fetchall()
            our_types = {column: kind for column, kind, *_ in described}
            header = path.read_text().partition("\n")[0].split(",")
            types = ", ".join(f"'{c}': '{our_types.get(c, 'VARCHAR')}'" for c in header)
            rows = f"read_csv('{path}', columns = {{{types}}}, header = true, nullstr = '\\N')"
            found += differences(connection, mart, said.key, f"ours.marts.{mart}", rows)
            count = connection.execute(f"select count(*) from {rows}").fetchone()[0]
            print(f"{mart}: {count:,} rows compared")
    print("\n".join(found) if found else "Every mart of PostgreSQL equals DuckDB's.")
    return int(bool(found))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1] == "load":
            load(Path(sys.argv[2]), Path(folder))
        else:
            sys.exit(compare(Path(sys.argv[2]), Path(folder)))
