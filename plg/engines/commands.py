"""The commands that prove the project on other engines: plg compare, compile, thrift-server."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plg.environments import enter, environment

if TYPE_CHECKING:
    from plg.engines.postgres import Server

# The targets of profiles.yml that plg compile knows.
WAREHOUSES = ("postgres", "redshift", "snowflake", "bigquery", "databricks")


@click.group()
def compare() -> None:
    """Builds the same data on DuckDB and on another engine, and compares every cell of every mart.

    Doubles may differ by a billionth of their size; everything else has to be equal.
    """


@compare.command("spark")
@click.option(
    "--data",
    multiple=True,
    type=click.Choice(["values", "sample", "day", "random", "stackexchange", "cdnow"]),
    default=["values", "sample", "day", "random", "stackexchange"],
    show_default=True,
    help="What to build; give it several times for several. `day` is the sample in two deliveries.",
)
@click.option("--cases", default=4, show_default=True, help="How many random cases to build.")
@click.option("--tests/--no-tests", default=True, help="Run the tests of the sample on Spark.")
def compare_spark(data: tuple[str, ...], cases: int, tests: bool) -> None:
    """Compares Apache Spark with DuckDB. Needs Java 17, and sets up .venv-spark."""
    enter("spark")
    from rich.console import Console

    from plg.engines import compare_spark as comparison
    from plg.engines.spark import NoSpark
    from tests.harness import BuildFailed

    console = Console(width=None if sys.stdout.isatty() else 120)
    try:
        are_equal = comparison.compare(data, cases, tests, console)
    except (NoSpark, BuildFailed) as problem:
        raise click.ClickException(str(problem)) from problem
    if not are_equal:
        raise click.ClickException(
            "Spark should give what DuckDB gives. Mend the model or the macro in macros/engine."
        )
    click.echo("Every cell of every mart is the same on DuckDB and on Spark.")


@compare.command("postgres")
@click.option("--port", default=54329, show_default=True, help="Where the server will listen.")
@click.option("--cases", default=2, show_default=True, help="How many random cases to build.")
@click.option("--sample/--no-sample", default=True, help="Build the bundled sample.")
def compare_postgres(port: int, cases: int, sample: bool) -> None:
    """Compares PostgreSQL with DuckDB: values of every form, the bundled sample, random dirty data.

    Starts a server of its own, and removes it with all its data. The server's programs have to be installed
    (Debian: apt-get install postgresql). Sets up .venv-engines.
    """
    from plg.engines import postgres

    dbt = environment("engines") / "bin" / "dbt"
    found: list[str] = []
    try:
        with postgres.running_server(port) as server:
            run = partial(_run_dbt, dbt, server)
            click.echo("Values ...")
            found += postgres.value_differences(server, run)
            if sample:
                found += postgres.sample_differences(server, run)
            for number in range(cases):
                found += postgres.case_differences(server, run, number)
    except (postgres.NoServer, ValueError) as problem:
        raise click.ClickException(str(problem)) from problem
    if found:
        raise click.ClickException("\n".join(found))
    click.echo(
        "Every value, and every cell of every mart, is the same on DuckDB and on PostgreSQL."
    )


def _run_dbt(dbt: Path, server: Server, *arguments: str, **environment: str) -> None:
    """Runs dbt on the project, in another environment where the target is postgres.

    What it writes goes to the server's folder.
    """
    from plg.settings import PROJECT

    program = dbt if "postgres" in arguments else Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [str(program), "--quiet", *arguments],
        check=False,
        cwd=PROJECT,
        env={
            **server.environment(),
            "PLG_RAW_DIR": "sample",
            "PLG_DATABASE": str(server.work / "plg.duckdb"),
            "DBT_TARGET_PATH": str(server.work / "target"),
            "DBT_LOG_PATH": str(server.work / "logs"),
            **environment,
        },
    )
    if done.returncode:
        raise click.ClickException(f"dbt {arguments[0]} failed; the lines above say why.")


@click.command("compile")
@click.argument("warehouses", nargs=-1, type=click.Choice(WAREHOUSES))
def compile_(warehouses: tuple[str, ...]) -> None:
    """Compiles the project offline for warehouses that can't be run here.

    All of them, or those that you name. Parses the SQL and looks up each function and type. Sets up
    .venv-engines.
    """
    enter("engines")
    from plg.engines.compile import check_all

    sys.exit(0 if check_all(warehouses or WAREHOUSES) else 1)


@click.command("thrift-server")
def thrift_server() -> None:
    """Runs Spark's Thrift server over the warehouse of `plg build --engine spark`.

    It offers on one machine what a cluster does, for the target spark_thrift, until you stop it (Ctrl-C).
    The warehouse takes one process at a time. PLG_SPARK_PORT names another port than 10000.
    """
    enter("spark")
    from plg.engines.spark import NoSpark
    from plg.engines.thrift_server import serve
    from plg.settings import Settings

    click.echo(
        "Starting. `dbt build --target spark_thrift` works once the log says that HiveThriftServer2 "
        "has started."
    )
    sys.stdout.flush()
    try:
        serve(Settings.from_environment(os.environ))
    except NoSpark as problem:
        raise click.ClickException(str(problem)) from problem
