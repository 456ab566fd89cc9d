"""What the target `spark` needs before dbt runs: Java, a session, and the raw files as tables."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import duckdb
import jinja2
import yaml

from plg.console import first_line
from plg.engines.spark_tables import SparkTables
from plg.input.names import named_inputs
from plg.input.raw_tables import find_tables
from plg.input.unreadable import RowTables
from plg.schemas import schema_name, schema_names
from plg.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
WAREHOUSE = "PLG_SPARK_WAREHOUSE"


class NoSpark(Exception):
    """A sentence that says why Spark can't start, and what to do."""


class NoFiles(Exception):
    """A sentence that says why a table of Spark can't be read by another engine."""


def check_java() -> None:
    """Looks for the Java that Spark would take.

    Raises:
        NoSpark: there is none, or it is too old.
    """
    home = Settings.from_environment().java_home
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    wanted = f"install Java {OLDEST_JAVA}, put it on the PATH or set JAVA_HOME, and try again"
    try:
        said = subprocess.run(
            [java or "java", "-version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoSpark(f"Spark needs Java, and {java or 'java'} can't be run; {wanted}.") from error
    version = re.search(r'version "(\d+)', said.stderr)
    if version and int(version[1]) < OLDEST_JAVA:
        raise NoSpark(
            f"Spark needs Java {OLDEST_JAVA} or newer, and {java} is {version[1]}; {wanted}."
        )


def session_settings(profiles_file: Path) -> dict[str, str]:
    """Spark's settings, as the target `spark` of profiles.yml says them in this environment."""

    given = Settings.from_environment().environment()

    def env_var(name: str, default: str = "") -> str:
        return given.get(name, default)

    target = yaml.safe_load(profiles_file.read_text("utf-8"))["plg_analytics"]["outputs"]["spark"]
    return {
        name: jinja2.Template(str(value)).render(env_var=env_var)
        for name, value in target["server_side_parameters"].items()
    }


@contextlib.contextmanager
def _errors_to(file: Path) -> Iterator[None]:
    """Sends what this process and those that it starts write as errors to a file, for the while."""
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    kept = os.dup(2)
    with file.open("ab") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def start_session(profiles_file: Path, log_file: Path) -> SparkSession:
    """The Spark session as dbt would start it; dbt, in the same process, goes on with it.

    Args:
        profiles_file: profiles.yml.
        log_file: what Spark has to say; appended to.

    Raises:
        NoSpark: there is no Java, or Spark does not start.
    """
    check_java()
    # Python shows Spark's times in its own zone.
    os.environ["TZ"] = "UTC"
    time.tzset()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.enableHiveSupport()
    for name, value in session_settings(profiles_file).items():
        builder = builder.config(name, value)
    try:
        with _errors_to(log_file):
            session = builder.getOrCreate()
            session.sql("show schemas").collect()
    except Exception as error:
        raise NoSpark(
            f"Spark did not start ({first_line(error)}); {log_file} has the details. Its own "
            "metastore takes one process at a time: end the other one, or name another "
            f"{WAREHOUSE}."
        ) from error
    return session


def register_raw_tables(
    session: SparkSession, raw_dir: Path, schema: str, unreadable_rows_allowed: float = 0.001
) -> list[str]:
    """Shows the raw files to Spark, where they lie.

    Args:
        session: of start_session.
        raw_dir: folder of the raw files, as PLG_RAW_DIR.
        schema: for the tables, as PLG_RAW_SCHEMA.
        unreadable_rows_allowed: the var.

    Returns:
        What is wrong with the files, a sentence each; where a check finds something, nothing is done.
    """
    settings = Settings.from_environment()
    links = settings.spark_warehouse / "raw_files"
    inputs = named_inputs(settings.definitions_dir, anonymous_users=settings.anonymous_users)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        row_tables = RowTables(connection, allowed=unreadable_rows_allowed)
        tables, problems = find_tables(connection, raw_dir, inputs=inputs, row_tables=row_tables)
        if problems:
            return problems
        session.sql(f"create schema if not exists `{schema}`")
        for table in tables:
            try:
                for statement in SparkTables(connection, table, schema, links).statements():
                    session.sql(statement)
            except Exception as error:
                problems.append(
                    f"{table.source}: Spark can't read it ({first_line(error)}); export it again "
                    "as parquet with text and timestamps, or as CSV."
                )
    return problems


def remove_strays(session: SparkSession) -> None:
    """Removes what a killed build left of tables that it had begun: folders that no table has.

    Spark would refuse to make the table, for its place is taken. Does nothing where another metastore
    is named, which may be shared: what this one does not know, others may.
    """
    settings = Settings.from_environment()
    if settings.spark_metastore:
        return
    for schema in schema_names(settings.schema):
        folder = settings.spark_warehouse / "warehouse" / f"{schema}.db"
        known = set()
        if session.catalog.databaseExists(schema):
            known = {row.tableName for row in session.sql(f"show tables in `{schema}`").collect()}
        for stray in [path for path in folder.glob("*/") if path.name not in known]:
            shutil.rmtree(stray)


def drop_schemas(session: SparkSession, *more: str) -> None:
    """Drops all that builds have made, and the schemas `more`."""
    for schema in (*schema_names(Settings.from_environment().schema), *more):
        session.sql(f"drop schema if exists `{schema}` cascade")


def rows(session: SparkSession) -> Callable[[str], list[tuple]]:
    """A function that gives the rows of a query."""
    return lambda sql: [tuple(row) for row in session.sql(sql).collect()]


def mart_files(mart: str) -> str:
    """The parquet files of a mart in the local warehouse, as an expression of DuckDB's SQL."""
    settings = Settings.from_environment()
    schema = schema_name("marts", settings.schema)
    folder = settings.spark_warehouse / "warehouse" / f"{schema}.db" / mart
    return "read_parquet('" + str(folder / "*.parquet").replace("'", "''") + "')"


def table_files(session: SparkSession, table: str) -> str:
    """The parquet files of a table, as the session knows them, as an expression of DuckDB's SQL.

    Raises:
        NoFiles: they are not on this machine, or no parquet files.
    """
    paths = []
    for address in session.table(table).inputFiles():
        parts = urlsplit(address)
        if parts.scheme not in ("", "file") or not parts.path.endswith(".parquet"):
            raise NoFiles(f"{table} is in {address}, no parquet file of this machine.")
        paths.append("'" + unquote(parts.path).replace("'", "''") + "'")
    if not paths:
        raise NoFiles(f"{table} has no file.")
    return f"read_parquet([{', '.join(paths)}])"
