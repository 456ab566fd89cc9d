"""What a build is: check, run dbt, write the pages, show the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plg.check import check, given_vars
from plg.dbt_options import DbtCommand
from plg.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from rich.console import Console

    from plg.dbt import Ran

ENGINE = click.Option(
    ["--engine"],
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    help="Build on DuckDB (the default) or on Apache Spark in this process (needs Java 17).",
)
# Unit tests prove the models on rows of their own; scripts/test runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")


class NothingBuilt(Exception):
    """A build has ended without a result; what was to say has been said."""


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes:
        settings: where it reads and writes.
        engine: duckdb or spark.
        arguments: further arguments of `dbt build`.
        variables: the argument of --vars among them; None without one.
        pages: folder of the pages, where it is not PLG_REPORT_DIR.
        next_steps: what to do next; empty for the usual steps.
    """

    settings: Settings
    engine: str = "duckdb"
    arguments: tuple[str, ...] = ()
    variables: str | None = None
    pages: Path | None = None
    next_steps: str = ""

    @classmethod
    def of(cls, ctx: click.Context) -> Request:
        """The request that the options of a DbtCommand make."""
        settings = Settings.from_environment()
        arguments = ctx.command.words_for_dbt(ctx, settings.caller)
        return cls(settings, ctx.params["engine"], tuple(arguments), ctx.params["vars"])


@dataclass(frozen=True)
class Built:
    """A build in which everything that ran has passed.

    Attributes:
        ran: dbt's results and options.
        session: Spark's, where Spark built.
        target_dir: where dbt wrote the manifest.
    """

    ran: Ran
    session: SparkSession | None
    target_dir: Path


def build(request: Request, console: Console) -> Built:
    """Builds and checks the marts, writes the report and shows the result.

    Raises:
        NothingBuilt: something was wrong; the sentences about it are printed.
    """
    from plg.console import say

    settings, is_spark = request.settings, request.engine == "spark"
    # For Spark, the raw files are checked when they are registered.
    problems = check(settings, request.engine, request.variables, raw=not is_spark).problems
    session = None
    if not problems:
        settings.export()
        session, problems = _start_spark(request, console) if is_spark else (None, [])
    for problem in problems:
        say(console, f"- {problem}")
    if problems:
        say(console, "Nothing was built. Fix the above and try again.")
        raise NothingBuilt
    ran = _run(request, console)
    built = Built(ran, session, Path(ran.options.get("target_path") or settings.target_dir))
    _show(request, built, console)
    return built


def _start_spark(request: Request, console: Console) -> tuple[SparkSession | None, list[str]]:
    """A Spark session that has the raw files as tables, and what is wrong."""
    from plg.engines import spark

    settings = request.settings
    project_file = settings.project / "dbt_project.yml"
    values, _ = given_vars(request.variables, project_file, settings.definitions_dir)
    try:
        session = start_spark(settings, console)
    except spark.NoSpark as problem:
        return None, [str(problem)]
    spark.remove_strays(session)
    return session, spark.register_raw_tables(
        session, settings.raw_dir, settings.raw_schema, values["unreadable_rows_allowed"]
    )


def start_spark(settings: Settings, console: Console) -> SparkSession:
    """The Spark session that dbt goes on with.

    Raises:
        NoSpark: there can be none; the sentence says why.
    """
    from plg.console import say
    from plg.engines import spark

    say(console, "Starting Spark ...")
    return spark.start_session(settings.project / "profiles.yml", settings.log_dir / "spark.log")


def _run(request: Request, console: Console) -> Ran:
    from plg.console import say
    from plg.dbt import LOGGING, place_of, run_dbt

    project = request.settings.project
    place = place_of(request.engine, project)
    ran = run_dbt([*LOGGING, *BUILD, *place, *request.arguments, *_own_vars(request)], console)
    if ran is None:
        say(
            console,
            f"The build failed: the lines above say why, {request.settings.log_dir / 'dbt.log'} has "
            "the details. Fix it and try again.",
        )
        raise NothingBuilt
    return ran


def _own_vars(request: Request) -> list[str]:
    """--vars together with the values of vars.txt, because dbt takes only the last --vars."""
    import json

    import yaml

    from plg.definitions.own_vars import own_vars

    own = own_vars(request.settings.definitions_dir)
    if not own:
        return []
    values = own | (yaml.safe_load(request.variables or "{}") or {})
    return ["--vars", json.dumps(values, default=str)]


def _show(request: Request, built: Built, console: Console) -> None:
    """Writes the pages, and prints scorecard and removed rows, where all marts were built."""
    from plg.built import reading
    from plg.console import say
    from plg.marts import read_marts
    from plg.pages import write_pages
    from plg.summary import show_summary

    settings = request.settings
    if not {each.node.name for each in built.ran.results} >= read_marts().keys():
        if built.ran.results:
            say(console, built.ran.warnings) if built.ran.warnings else None
            say(console, "A part was built; the report shows all marts, so it was left as it is.")
        return
    folder = request.pages or settings.report_dir
    page = write_pages(settings, request.engine, folder, console, built.session, built.ran.options)
    if not page:
        raise NothingBuilt
    said = "" if request.pages else f"The report is {page}; open it in a browser. "
    with reading(settings, built.session) as reader:
        place = (
            f"{said}{reader.place}; schema {reader.marts} holds the numbers, {reader.descriptions}"
        )
        show_summary(reader.query, place, console, request.next_steps)


@click.command(cls=DbtCommand, params=[ENGINE])
@click.pass_context
def command(ctx: click.Context, **_: object) -> None:
    """Build and check every mart; end with the report and the scorecard.

    Reads the raw files of PLG_RAW_DIR and the definitions of PLG_DEFINITIONS_DIR, writes PLG_DATABASE
    and the report to PLG_REPORT_DIR. Without these settings it builds the bundled sample.

    \b
    plg build --vars '{observed_until: 2024-06-01}'
    plg build --select +activation_by_cohort

    Every other option of `dbt build` works, too; `dbt build --help` lists them.
    """
    request = Request.of(ctx)
    enter_engine(request.engine)
    from plg.console import make_console

    try:
        build(request, make_console())
    except NothingBuilt:
        ctx.exit(1)


def enter_engine(engine: str) -> None:
    """Goes on in the environment that has the engine's libraries."""
    if engine == "spark":
        from plg.environments import enter

        enter("spark")
