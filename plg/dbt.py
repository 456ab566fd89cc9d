"""Runs dbt in this process: a progress bar, its warnings and errors, and what ran.

Importing this module imports dbt, which takes five seconds; check first what can be checked without.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from dbt_common.invocation import get_invocation_id
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from plg.console import say
from plg.input.problem import explained
from plg.settings import PROJECT

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult

# dbt's own lines go to dbt.log; run_dbt shows what matters of them. `--log-level-file debug` adds each
# statement that ran, for a tenth more CPU time.
LOGGING = ("--log-level", "none", "--log-level-file", "info", "--no-use-colors")
# How the macro show_warnings begins.
WARNINGS = "Warnings about data and settings (mart build_warnings):"
# How the macro show_unlogged_version begins.
UNLOGGED = "This version of the definitions is not in definition_log.csv."
FINISHED = {"LogSeedResult", "LogModelResult", "LogTestResult", "UnitTest", "LogNodeResult"}


@dataclass(frozen=True)
class Ran:
    """A run of dbt in which everything has passed.

    Attributes:
        results: a result for each node that ran.
        options: the options of dbt, by name.
        invocation_id: dbt's name of this run, in everything that it has written.
        warnings: what the build found wrong with data and settings, line by line; not yet printed.
    """

    results: list[NodeResult]
    options: dict[str, Any]
    invocation_id: str
    warnings: str = ""


def place_of(engine: str, project: Path = PROJECT) -> list[str]:
    """The options that lead dbt to the project and to a target of its profile."""
    return ["--target", engine, "--profiles-dir", str(project), "--project-dir", str(project)]


def run_dbt(arguments: list[str], console: Console) -> Ran | None:
    """Runs dbt in the current folder, shows how far it is, and prints its warnings and errors.

    Warnings about data and settings are printed where the run fails; else they are for the caller.

    Where the output is no terminal, such as in CI, a line for each tenth takes the bar's place.

    Args:
        arguments: the command line behind `dbt`.
        console: where to print.

    Returns:
        What ran; None where it failed.
    """
    said: set[str] = set()
    warnings: list[str] = []

    def say_once(text: str) -> None:
        # dbt tells an error where it occurs, and again at the end.
        if text.strip() and text not in said:
            said.add(text)
            say(progress.console, text)

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
            if event.info.msg.startswith(WARNINGS):
                warnings.append(event.info.msg)
                return
            if event.info.msg.startswith(UNLOGGED):
                return  # The summary says it.
            # Macros say with log(info=true) what you should know, such as a rebuild after an upgrade.
            if event.info.level in ("warn", "error") or event.info.name == "JinjaLogInfo":
                say_once(explained(event.info.msg))

        try:
            result = dbtRunner(callbacks=[follow]).invoke(arguments)
        finally:
            # dbt keeps its connection, and a file open for writing can't be opened to read.
            DuckDBConnectionManager.close_all_connections()
    if result.exception and not any(str(result.exception) in text for text in said):
        say(console, str(result.exception))
    if not result.success:
        # Wrong data may be why, and no summary will say so.
        for text in warnings:
            say(console, text)
        return None
    # Without a result, dbt only said something, such as its help.
    results, options = getattr(result.result, "results", []), getattr(result.result, "args", {})
    return Ran(results, options, get_invocation_id(), "".join(warnings))
