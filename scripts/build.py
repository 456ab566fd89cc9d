"""Runs `dbt build` with a progress bar and shows the result; scripts/build calls it.

Usage: build.py ENGINE CALLER_FOLDER [arguments of dbt build]. Relative paths in the environment
variables of PATH_SETTINGS are taken from the caller's folder, as a shell user expects.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from plg_input.definitions import check_definitions
from summary import show_summary

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult
    from pyspark.sql import SparkSession

PATH_SETTINGS = {
    "PLG_RAW_DIR": "sample",
    "PLG_DEFINITIONS_DIR": "seeds",
    "PLG_DATABASE": "plg.duckdb",
    "PLG_SPARK_WAREHOUSE": "plg_spark",
    "PLG_PUBLISH_DIR": "published",
}
# Unit tests prove the models on rows of their own; scripts/test runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
# dbt's own lines go to logs/dbt.log; what matters of them is shown by run_dbt.
LOGGING = ("--log-level", "none", "--log-level-file", "debug", "--no-use-colors")
FINISHED = {"LogSeedResult", "LogModelResult", "LogTestResult", "UnitTest", "LogNodeResult"}


@dataclass(frozen=True)
class Built:
    """A build in which all that ran has passed: what ran, and the options that dbt went by."""

    results: list[NodeResult]
    options: dict[str, Any]
    session: SparkSession | None = None


def resolve_paths(caller: Path, project: Path) -> None:
    """Makes the path settings absolute, so that dbt, which runs in the project, finds them."""
    for setting, default in PATH_SETTINGS.items():
        given = os.environ.get(setting)
        os.environ[setting] = str((caller / given if given else project / default).resolve())


def check_vars(arguments: list[str], project_file: Path) -> list[str]:
    """Problems with the argument of --vars: dbt ignores a var that it does not know."""
    known = yaml.safe_load(project_file.read_text())["vars"]["plg_analytics"]
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--vars", default="{}")
    text = parser.parse_known_args(arguments)[0].vars
    try:
        given = yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError) as error:
        return [f"--vars {text}: it can't be read ({error}); write it as '{{name: value}}'."]
    if not isinstance(given, dict):
        return [f"--vars {text}: these are no names with values; write it as '{{name: value}}'."]
    return [
        f"--vars: there is no var {name}; the vars are {', '.join(known)}."
        for name in given
        if name not in known
    ]


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
                    progress.console.print(f"{done:.0f} of {total:.0f} steps done")
            if event.info.level in ("warn", "error") and event.info.msg.strip():
                progress.console.print(event.info.msg, markup=False, highlight=False)

        try:
            result = dbtRunner(callbacks=[follow]).invoke(arguments)
        finally:
            # dbt keeps its connection, and a file open for writing can't be opened to read.
            DuckDBConnectionManager.close_all_connections()
    if result.exception:
        console.print(str(result.exception), markup=False, highlight=False)
    if not result.success:
        return None
    # Without a result, it only said something, such as its help.
    results, options = getattr(result.result, "results", []), getattr(result.result, "args", {})
    return Built(results, options, session)


def start_spark(settings: dict[str, Path], console: Console) -> SparkSession | None:
    """The Spark session that dbt goes on with, with the raw files as tables; None with sentences."""
    import spark

    console.print("Starting Spark and reading the raw files ...")
    try:
        session = spark.start_session(
            Path.cwd() / "profiles.yml", Path.cwd() / "logs" / "spark.log"
        )
    except spark.NoSpark as problem:
        console.print(str(problem), markup=False, highlight=False)
        return None
    spark.remove_strays(session)
    schema = os.environ.get("PLG_RAW_SCHEMA") or "raw"
    problems = spark.register_raw_tables(session, settings["PLG_RAW_DIR"], schema)
    for problem in problems:
        console.print(f"- {problem}", markup=False, highlight=False)
    return None if problems else session


def summarise(settings: dict[str, Path], session: SparkSession | None, console: Console) -> None:
    """Shows scorecard and removed rows, read from the engine that built them."""
    if session:
        import spark

        # Spark keeps a description for a table, not for each column of a table of files.
        where = (
            f"The Spark warehouse is {settings[spark.WAREHOUSE]}; schema marts holds the numbers"
        )
        show_summary(spark.rows(session), f"{where}, each table with its description", console)
        return
    database = settings["PLG_DATABASE"]
    where = f"The database is {database}; schema marts holds the numbers"
    with duckdb.connect(str(database), read_only=True) as connection:
        show_summary(
            lambda sql: connection.execute(sql).fetchall(),
            f"{where}, each table and column with its description",
            console,
        )


def build(engine: str, arguments: list[str], console: Console) -> Built | None:
    """Builds and checks the marts, and shows the result; None, with sentences, where it failed.

    Args:
        engine: duckdb or spark.
        arguments: more of them for `dbt build`.
        console: where to print.
    """
    settings = {name: Path(os.environ[name]) for name in PATH_SETTINGS}
    # dbt would stop at a missing seed before its plugin can say what is missing.
    problems, _ = check_definitions(settings["PLG_DEFINITIONS_DIR"])
    problems += check_vars(arguments, Path.cwd() / "dbt_project.yml")
    for problem in problems:
        console.print(f"- {problem}", markup=False, highlight=False)
    session = start_spark(settings, console) if engine == "spark" and not problems else None
    if problems or (engine == "spark" and not session):
        console.print("Nothing was built. Mend the above and run scripts/build again.")
        return None
    built = run_dbt([*LOGGING, *BUILD, "--target", engine, *arguments], console, session)
    if built is None:
        console.print(
            "The build failed: the lines above say why, logs/dbt.log has the details. Mend it and "
            "run scripts/build again."
        )
        return None
    # A build of some models only, by --select, has no new numbers to show.
    if {"kpi_scorecard", "data_quality_by_rule"} <= {each.node.name for each in built.results}:
        summarise(settings, session, console)
    return built


def start() -> tuple[str, list[str], Console]:
    """Engine, arguments for dbt and console, of the command line; makes the path settings absolute."""
    resolve_paths(Path(sys.argv[2]), Path.cwd())
    # A log file has no width; a table folded to 80 columns can't be read in it.
    return sys.argv[1], sys.argv[3:], Console(width=None if sys.stdout.isatty() else 120)


def main() -> int:
    return 0 if build(*start()) else 1


if __name__ == "__main__":
    sys.exit(main())
