"""Runs `dbt build` with a progress bar and shows the result; scripts/build calls it.

Usage: build.py ENGINE CALLER_FOLDER [arguments of dbt build]. Relative paths in the environment
variables of PATH_SETTINGS are taken from the caller's folder, as a shell user expects.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from dbt_common.invocation import get_invocation_id
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from plg.console import first_line, say
from plg.definitions.checks import check_definitions
from plg.definitions.dbt_vars import project_vars, wrong_vars
from plg.report import sources, write_report
from plg.report.data import Query
from plg.report.page import replace_whole
from plg.settings import check_database, check_memory_limit, check_names
from plg.summary import show_summary

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult
    from pyspark.sql import SparkSession

PATH_SETTINGS = {
    "PLG_RAW_DIR": "sample",
    "PLG_DEFINITIONS_DIR": "seeds",
    "PLG_DATABASE": "plg.duckdb",
    "PLG_SPARK_WAREHOUSE": "plg_spark",
    "PLG_PUBLISH_DIR": "published",
    "PLG_REPORT_DIR": "report",
}
REPORT, DOCS = "index.html", "docs.html"
# Unit tests prove the models on rows of their own; scripts/test runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
# dbt's own lines go to logs/dbt.log; what matters of them is shown by run_dbt.
LOGGING = ("--log-level", "none", "--log-level-file", "debug", "--no-use-colors")
# Options that lead dbt to a project, or to a database, that is not the one shown at the end.
ELSEWHERE = (("-t", "--target"), ("--profile",), ("--profiles-dir",), ("--project-dir",))
FINISHED = {"LogSeedResult", "LogModelResult", "LogTestResult", "UnitTest", "LogNodeResult"}


@dataclass(frozen=True)
class Built:
    """A build in which all that ran has passed: what ran, and the options that dbt went by.

    `invocation_id` is dbt's name of this run, in all that it has written.
    """

    results: list[NodeResult]
    options: dict[str, Any]
    invocation_id: str
    session: SparkSession | None = None


def resolve_paths(caller: Path, project: Path) -> None:
    """Makes the path settings absolute, so that dbt, which runs in the project, finds them."""
    for setting, default in PATH_SETTINGS.items():
        given = os.environ.get(setting)
        os.environ[setting] = str((caller / given if given else project / default).resolve())


def check_vars(arguments: list[str], project_file: Path) -> list[str]:
    """Problems with the vars: those of the project, and the argument of --vars over them."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--vars", nargs="?", default="{}")
    text = parser.parse_known_args(arguments)[0].vars
    if text is None:
        return ["--vars: it says nothing; write it as --vars '{name: value}'."]
    try:
        given = yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError) as error:
        return [f"--vars {text}: it can't be read ({error}); write it as '{{name: value}}'."]
    if not isinstance(given, dict):
        return [f"--vars {text}: these are no names with values; write it as '{{name: value}}'."]
    return wrong_vars(project_vars(project_file) | given)


def check_options(arguments: list[str]) -> list[str]:
    """Problems with options that would build something else than what is shown at the end."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for names in ELSEWHERE:
        parser.add_argument(*names, nargs="?", const="")
    given = vars(parser.parse_known_args(arguments)[0])
    return [
        f"--{name.replace('_', '-')} {value}: this builds for --engine duckdb or spark, where the "
        "environment says (README); for another target, run .venv/bin/dbt build."
        for name, value in given.items()
        if value is not None
    ]


def check_settings(engine: str, database: Path) -> list[str]:
    """Problems with what the environment says of the database, which Spark builds without."""
    if engine != "duckdb":
        return []
    limit = os.environ.get("PLG_MEMORY_LIMIT")
    return [
        *check_names(database, os.environ.get("PLG_RAW_SCHEMA") or "raw"),
        *(check_memory_limit(limit) if limit else []),
        *check_database(database),
    ]


def place_of(engine: str) -> list[str]:
    """The options that lead dbt to this project, and to the engine's database."""
    here = str(Path.cwd())
    return ["--target", engine, "--profiles-dir", here, "--project-dir", here]


def run_dbt(
    arguments: list[str], console: Console, session: SparkSession | None = None
) -> Built | None:
    """Runs dbt, shows how far it is, and prints its warnings and errors.

    Returns what ran, None where it failed.

    Where the output is no terminal, such as in CI, a line a tenth of the way takes the bar's place.
    """
    with Progress(
        TextColumn("{task.description:<44.44}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("reading the project", total=None)

        def follow(event: EventMsg) -> None:
            if event.info.name == "LogStartLine":
                progress.update(task, total=event.data.total, description=event.data.description)
            elif event.info.name in FINISHED:
                progress.advance(task)
                done, total = progress.tasks[task].completed, progress.tasks[task].total or 0
                if not console.is_terminal and done * 10 // total > (done - 1) * 10 // total:
                    say(progress.console, f"{done:.0f} of {total:.0f} steps done")
            if event.info.level in ("warn", "error") and event.info.msg.strip():
                say(progress.console, event.info.msg)

        try:
            result = dbtRunner(callbacks=[follow]).invoke(arguments)
        finally:
            # dbt keeps its connection, and a file open for writing can't be opened to read.
            DuckDBConnectionManager.close_all_connections()
    if result.exception:
        say(console, str(result.exception))
    if not result.success:
        return None
    # Without a result, it only said something, such as its help.
    results, options = getattr(result.result, "results", []), getattr(result.result, "args", {})
    return Built(results, options, get_invocation_id(), session)


def start_spark(console: Console) -> SparkSession | None:
    """The Spark session that dbt goes on with; None, with a sentence, where there can be none."""
    from plg.engines import spark

    say(console, "Starting Spark ...")
    try:
        return spark.start_session(Path.cwd() / "profiles.yml", Path.cwd() / "logs" / "spark.log")
    except spark.NoSpark as problem:
        say(console, str(problem))
        return None


def prepare_spark(session: SparkSession, raw_dir: Path, console: Console) -> bool:
    """Makes the raw files tables of Spark's; False, with sentences, where they can't be."""
    from plg.engines import spark

    spark.remove_strays(session)
    schema = os.environ.get("PLG_RAW_SCHEMA") or "raw"
    problems = spark.register_raw_tables(session, raw_dir, schema)
    for problem in problems:
        say(console, f"- {problem}")
    return not problems


@contextmanager
def reading(session: SparkSession | None) -> Iterator[tuple[Query, Callable[[str], str]]]:
    """What a build left: a function for a query's rows, and one for the description of a mart."""
    if session:
        from plg.engines import spark

        yield (
            spark.rows(session),
            lambda mart: session.catalog.getTable(f"marts.{mart}").description or "",
        )
        return
    with duckdb.connect(os.environ["PLG_DATABASE"], read_only=True) as connection:
        yield (
            lambda sql: connection.execute(sql).fetchall(),
            lambda mart: connection.execute(
                "select comment from duckdb_tables() "
                "where schema_name = 'marts' and table_name = ?",
                [mart],
            ).fetchone()[0],
        )


def write_pages(
    engine: str,
    session: SparkSession | None,
    options: dict[str, Any],
    folder: Path,
    console: Console,
) -> Path | None:
    """Writes the report of what is built, and the site of all definitions beside it.

    Args:
        engine: duckdb or spark.
        session: that built, on Spark.
        options: those that dbt went by in the build; empty where it was another process's.
        folder: where the pages go.
        console: where to print.

    Returns:
        The report; None, with sentences, where it could not be written.
    """
    target = Path(options.get("target_path") or os.environ.get("DBT_TARGET_PATH") or "target")
    # The vars of the build: with others, dbt would read the whole project anew, here and next time.
    given = yaml.safe_dump(options.get("vars") or {}, default_flow_style=True, width=sys.maxsize)
    where = [*place_of(engine), "--target-path", str(target), "--vars", given]
    # What the build has just compiled stands beside it; without a build, it is compiled now.
    docs = ["docs", "generate", "--static", *(["--no-compile"] if options else [])]
    try:
        with reading(session) as (query, describe):
            write_report(query, describe, folder / REPORT, docs=DOCS)
        if not run_dbt([*LOGGING, *docs, *where], console):
            say(
                console,
                f"The report is written, but {DOCS}, which it leads to, is not: the lines above "
                "say why. Mend it and run scripts/report.",
            )
            return None
        site = target / "static_index.html"
        replace_whole(folder / DOCS, lambda unfinished: shutil.copy(site, unfinished))
    except duckdb.CatalogException:
        say(
            console,
            f"{os.environ['PLG_DATABASE']} holds no whole build to report on; run scripts/build.",
        )
        return None
    except duckdb.Error as error:
        say(
            console,
            f"{os.environ['PLG_DATABASE']} can't be read ({first_line(error)}): a build or another "
            "process holds it. Wait for it, or end it, and run scripts/report.",
        )
        return None
    except OSError as error:
        say(
            console,
            f"The report can't be written to {folder}: {first_line(error)}. Set PLG_REPORT_DIR to a "
            "folder that takes files, and run scripts/report.",
        )
        return None
    return folder / REPORT


def summarise(session: SparkSession | None, place_of_report: str, console: Console) -> None:
    """Shows scorecard and removed rows, read from the engine that built them, and where all is."""
    if session:
        from plg.engines import spark

        # Spark keeps a description for a table, not for each column of a table of files.
        place = f"The Spark warehouse is {os.environ[spark.WAREHOUSE]}"
        described = "each table with its description"
    else:
        place = f"The database is {os.environ['PLG_DATABASE']}"
        described = "each table and column with its description"
    with reading(session) as (query, _):
        show_summary(
            query,
            f"{place_of_report}{place}; schema marts holds the numbers, {described}",
            console,
        )


def build(
    engine: str, arguments: list[str], console: Console, pages: Path | None = None
) -> Built | None:
    """Builds and checks the marts, and shows the result; None, with sentences, where it failed.

    Args:
        engine: duckdb or spark.
        arguments: more of them for `dbt build`.
        console: where to print.
        pages: where the report goes; None for PLG_REPORT_DIR, and for saying so.
    """
    settings = {name: Path(os.environ[name]) for name in PATH_SETTINGS}
    # dbt would stop at a missing seed before its plugin can say what is missing.
    problems, _ = check_definitions(settings["PLG_DEFINITIONS_DIR"])
    problems += check_settings(engine, settings["PLG_DATABASE"])
    problems += check_options(arguments)
    problems += check_vars(arguments, Path.cwd() / "dbt_project.yml")
    for problem in problems:
        say(console, f"- {problem}")
    session = start_spark(console) if engine == "spark" and not problems else None
    is_ready = not session or prepare_spark(session, settings["PLG_RAW_DIR"], console)
    if problems or not is_ready or (engine == "spark" and not session):
        say(console, "Nothing was built. Mend the above and run scripts/build again.")
        return None
    built = run_dbt([*LOGGING, *BUILD, *place_of(engine), *arguments], console, session)
    if built is None:
        say(
            console,
            "The build failed: the lines above say why, logs/dbt.log has the details. Mend it and "
            "run scripts/build again.",
        )
        return None
    if {each.node.name for each in built.results} >= sources():
        folder = pages or settings["PLG_REPORT_DIR"]
        page = write_pages(engine, session, built.options, folder, console)
        if not page:
            return None
        said = "" if pages else f"The report is {page}; open it in a browser. "
        summarise(session, said, console)
    elif built.results:
        say(console, "A part was built; the report shows all marts, so it was left as it is.")
    return built


def start() -> tuple[str, list[str], Console]:
    """Makes the path settings absolute; gives engine, arguments for dbt, and where to print."""
    resolve_paths(Path(sys.argv[2]), Path.cwd())
    # A log file has no width; a table folded to 80 columns can't be read in it.
    return sys.argv[1], sys.argv[3:], Console(width=None if sys.stdout.isatty() else 130)


def main() -> int:
    return 0 if build(*start()) else 1


if __name__ == "__main__":
    sys.exit(main())
