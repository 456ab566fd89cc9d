"""A PostgreSQL server for one comparison: made in a folder, filled, built, compared, removed.

`plg compare postgres` calls it. The server's programs have to be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plg.compare import differences, open_databases
from plg.input.raw_tables import find_tables
from plg.marts import read_marts
from plg.schemas import PLAIN, schema_name

# The adopter's tables are here; create_raw_views makes the views that the project reads.
SOURCE_SCHEMA = "raw_source"
TYPES = {"string": "text", "double": "double precision"}
CSV = "(format csv, header, null '\\N')"


class NoServer(Exception):
    """A sentence that says why there is no server, and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        programs: the folder of psql.
        port: where it listens, on 127.0.0.1.
        work: a folder for files that pass between the engines.
    """

    programs: Path
    port: int
    work: Path

    def environment(self) -> dict[str, str]:
        """The environment of this process, with what the target `postgres` of profiles.yml needs."""
        return {
            **os.environ,
            "PLG_POSTGRES_HOST": "127.0.0.1",
            "PLG_POSTGRES_PORT": str(self.port),
            "PLG_POSTGRES_USER": "plg",
            "PLG_POSTGRES_PASSWORD": "plg",
            "PLG_POSTGRES_DATABASE": "postgres",
            "PLG_SCHEMA": PLAIN,
            "PLG_RAW_SCHEMA": "raw",
            "PLG_DEFINITIONS_DIR": "",
            "PGPASSWORD": "plg",
            "PGTZ": "UTC",
        }

    def psql(self, command: str) -> None:
        """Runs a statement, or a command of psql."""
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "plg", "-d", "postgres"]
        settings = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
        subprocess.run(
            [str(self.programs / "psql"), *address, *settings, "-c", command],
            check=True,
            env=self.environment(),
        )


def find_programs() -> Path:
    """The folder of the server's programs.

    Raises:
        NoServer: they are not installed.
    """
    candidates = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        candidates.append(Path(said.stdout.strip()))
    for folder in reversed(candidates):
        if (folder / "initdb").is_file():
            return folder
    raise NoServer(
        "PostgreSQL's initdb is not here; install the server (Debian: apt-get install postgresql)."
    )


@contextmanager
def running_server(port: int) -> Iterator[Server]:
    """A server of its own, in a folder that is gone afterwards.

    Args:
        port: where it will listen, on 127.0.0.1.

    Raises:
        NoServer: its programs are missing, or it does not start.
    """
    programs = find_programs()
    # As root, the server refuses to run.
    as_server = []
    if os.getuid() == 0:
        as_server = "setpriv --reuid=postgres --regid=postgres --clear-groups".split()
    with tempfile.TemporaryDirectory(prefix="compare-postgres-") as folder:
        home = Path(folder) / "server"
        home.mkdir()
        Path(folder).chmod(0o755)
        if as_server:
            shutil.chown(home, "postgres", "postgres")

        def run(program: str, *arguments: str) -> subprocess.CompletedProcess:
            command = [*as_server, str(programs / program), "-D", str(home / "data"), *arguments]
            return subprocess.run(
                command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                check=False,
            )  # fmt: skip

        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} "
        made = run("initdb", "-U", "plg", "--auth=trust", "--encoding=UTF8", "--locale=C")
        if made.returncode:
            raise NoServer(f"PostgreSQL can't make a database: {made.stderr.strip()}")
        started = run(
            "pg_ctl", "-l", str(home / "log"), "-w", "start", "-o", options + "-c fsync=off"
        )
        try:
            if started.returncode:
                raise NoServer(
                    f"PostgreSQL did not start: {(home / 'log').read_text().strip()} "
                    "--port names another port."
                )
            yield Server(programs, port, Path(folder))
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def load(server: Server, raw_dir: Path) -> None:
    """Copies the raw files into tables of the schema raw_source.

    Args:
        server: a running server.
        raw_dir: folder of the raw files.

    Raises:
        ValueError: the files can't be read; the sentences say why.
    """
    server.psql(f"create schema {SOURCE_SCHEMA}")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables, problems = find_tables(connection, raw_dir)
        if problems:
            raise ValueError("\n".join(problems))
        for table in tables:
            name, columns = table.name, table.input.columns
            types = [f'"{column}" {TYPES.get(kind, kind)}' for column, kind in columns.items()]
            server.psql(f"create table {SOURCE_SCHEMA}.{name} ({', '.join(types)})")
            # An optional table that is absent has no rows.
            if table.calls:
                file = server.work / f"{name}.csv"
                names = ", ".join(f'"{column}"' for column in columns)
                connection.execute(
                    f"copy (select {names} from ({table.query})) to '{file}' (header, nullstr '\\N')"
                )
                server.psql(f"\\copy {SOURCE_SCHEMA}.{name} from '{file}' with {CSV}")


def compare(server: Server, database: Path) -> list[str]:
    """Compares every mart of the server with that of a DuckDB file.

    Args:
        server: a running server, with marts.
        database: the DuckDB file.

    Returns:
        Sentences, mart by mart; empty where all cells agree.
    """
    found = []
    schema = schema_name("marts")
    with open_databases(ours=database) as connection:
        for name, mart in read_marts().items():
            file = server.work / f"{name}.csv"
            server.psql(f"\\copy {schema}.{name} to '{file}' with {CSV}")
            described = connection.execute(f"describe ours.{schema}.{name}").fetchall()
            our_types = {column: kind for column, kind, *_ in described}
            header = file.read_text("utf-8").partition("\n")[0].split(",")
            types = ", ".join(f"'{c}': '{our_types.get(c, 'VARCHAR')}'" for c in header)
            rows = f"read_csv('{file}', columns = {{{types}}}, header = true, nullstr = '\\N')"
            found += differences(connection, name, mart.key, f"ours.{schema}.{name}", rows)
    return found
