"""A PostgreSQL server for one comparison: made in a folder, filled, built, compared, removed.

`plg compare postgres` calls it. The server's programs have to be installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from click import echo as say

from plg.compare import differences, open_databases
from plg.input.names import named_inputs
from plg.input.raw_tables import RawTable, find_tables
from plg.input.unreadable import RowTables
from plg.inputs import MADE
from plg.marts import read_marts
from plg.schemas import PLAIN, schema_name, schema_names
from plg.settings import PROJECT
from tests.input import warehouse
from tests.oracle.random_data import features_by_turns, write_case

# The adopter's tables are here; create_raw_views makes the views that the project reads.
SOURCE_SCHEMA = "raw_source"
RAW_SCHEMA = "raw"
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
            "PLG_RAW_SCHEMA": RAW_SCHEMA,
            "PLG_DEFINITIONS_DIR": "",
            "PGPASSWORD": "plg",
            "PGTZ": "UTC",
        }

    def _psql(self, *arguments: str) -> str:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "plg", "-d", "postgres"]
        settings = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [str(self.programs / "psql"), *address, *settings, *arguments],
            check=True,
            env={**self.environment(), "PGOPTIONS": "-c client_min_messages=warning"},
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def psql(self, command: str) -> None:
        """Runs a statement, or a command of psql."""
        self._psql("-c", command)

    def rows(self, relation: str, columns: Sequence[str]) -> list[tuple]:
        """The rows of a relation: texts, and times without a zone."""
        values = ", ".join(
            f"to_char({column}, 'YYYY-MM-DD HH24:MI:SS.US')"
            if column in warehouse.TIMES
            else column
            for column in columns
        )
        query = f"select coalesce(json_agg(json_build_array({values})), '[]') from {relation}"
        rows = json.loads(self._psql("-At", "-c", query))
        return [
            tuple(
                datetime.fromisoformat(value) if value and column in warehouse.TIMES else value
                for column, value in zip(columns, row, strict=True)
            )
            for row in rows
        ]


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
    """Copies the raw files into tables of the schema raw_source, for create_raw_views.

    Args:
        server: a running server.
        raw_dir: folder of the raw files.

    Raises:
        ValueError: the files can't be read; the sentences say why.
    """
    server.psql(f"create schema {SOURCE_SCHEMA}")
    with _raw_tables(raw_dir, PROJECT / "seeds") as (connection, tables):
        for table in tables:
            columns = table.input.columns
            names = ", ".join(f'"{column}"' for column in columns)
            query = f"select {names} from ({table.query})"
            _copy(server, connection, f"{SOURCE_SCHEMA}.{table.name}", columns, query)


def load_as_read(server: Server, raw_dir: Path, definitions_dir: Path, allowed: float) -> None:
    """Copies what DuckDB's views of the raw files show into the schema raw, in place of such views.

    So rows that can't be read, and the names of files, come along.

    Args:
        server: a running server.
        raw_dir: folder of the raw files.
        definitions_dir: of the CSVs that name their columns.
        allowed: the var unreadable_rows_allowed.

    Raises:
        ValueError: the files can't be read; the sentences say why.
    """
    for schema in (*schema_names(PLAIN), RAW_SCHEMA):
        server.psql(f"drop schema if exists {schema} cascade")
    server.psql(f"create schema {RAW_SCHEMA}")
    with _raw_tables(raw_dir, definitions_dir, allowed) as (connection, tables):
        for table in tables:
            types = ({**MADE, **table.input.columns}, {"part": "string", "fingerprint": "string"})
            queries = (table.query, table.parts_query)
            for view, columns, query in zip(table.input.views, types, queries, strict=False):
                _copy(server, connection, f"{RAW_SCHEMA}.{view}", columns, query)


@contextmanager
def _raw_tables(
    raw_dir: Path, definitions_dir: Path, allowed: float = 0.001
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[RawTable]]]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        row_tables = RowTables(connection, allowed=allowed)
        inputs = named_inputs(definitions_dir)
        tables, problems = find_tables(connection, raw_dir, inputs=inputs, row_tables=row_tables)
        if problems:
            raise ValueError("\n".join(problems))
        yield connection, tables


def _copy(
    server: Server,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    query: str,
) -> None:
    """Makes a table of the server from a query of DuckDB."""
    types = [f'"{column}" {TYPES.get(kind, kind)}' for column, kind in columns.items()]
    names = ", ".join(f'"{column}"' for column in columns)
    server.psql(f"create table {name} ({', '.join(types)})")
    file = server.work / f"{name}.csv"
    connection.execute(f"copy (select {names} from ({query})) to '{file}' (header, nullstr '\\N')")
    server.psql(f"\\copy {name} from '{file}' with {CSV}")
    file.unlink()


def value_differences(server: Server, run: Callable[..., None]) -> list[str]:
    """What create_raw_views reads otherwise than it should from columns of text and of other types.

    Args:
        server: a running server.
        run: runs dbt with these arguments and this environment; likewise below.
    """

    def make_views() -> None:
        arguments = ("--target", "postgres", "--args", f"{{schema: {warehouse.SOURCE_SCHEMA}}}")
        run(
            "run-operation", "create_raw_views", *arguments, PLG_RAW_SCHEMA=warehouse.RAW_SCHEMA,
        )  # fmt: skip

    return warehouse.differences("postgres", server.psql, make_views, server.rows)


def sample_differences(server: Server, run: Callable[..., None]) -> list[str]:
    """Builds the bundled sample on both engines, with every data test; says what differs."""
    say("The sample: PostgreSQL ...")
    load(server, PROJECT / "sample")
    arguments = ("--target", "postgres", "--args", f"{{schema: {SOURCE_SCHEMA}}}")
    run("run-operation", "create_raw_views", *arguments)
    run("build", "--target", "postgres")
    say("The sample: DuckDB ...")
    run("build")
    return compare(server, server.work / "plg.duckdb")


def case_differences(server: Server, run: Callable[..., None], number: int) -> list[str]:
    """Builds a random case on both engines; says what differs."""
    case = write_case(number, server.work / f"case-{number}", features_by_turns(number))
    say(f"{case.description}: PostgreSQL ...")
    allowed = case.variables.get("unreadable_rows_allowed", 0.001)
    load_as_read(server, case.raw_dir, case.definitions_dir, allowed)
    arguments = ("build", "--exclude-resource-type", "test", "--vars", json.dumps(case.variables))
    database = server.work / f"case-{number}.duckdb"
    places = {
        "PLG_RAW_DIR": str(case.raw_dir),
        "PLG_DEFINITIONS_DIR": str(case.definitions_dir),
        "PLG_DATABASE": str(database),
    }
    run(*arguments, "--target", "postgres", **places)
    say("DuckDB ...")
    run(*arguments, **places)
    found = compare(server, database)
    return [f"{case.description}: {sentence}" for sentence in found]


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
