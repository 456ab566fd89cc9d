"""Runs dbt in this process: a progress bar, its warnings and errors, and what ran.

Importing this module imports dbt, which takes five seconds; check first what can be checked without.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
from plg.settings import PROJECT

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult

# dbt's own lines go to dbt.log; run_dbt shows what matters of them. `--log-level-file debug` adds each
# statement that ran, for a tenth more CPU time.
LOGGING = ("--log-level", "none", "--log-level-file", "info", "--no-use-colors")
FINISHED = {"LogSeedResult", "LogModelResult", "LogTestResult", "UnitTest", "LogNodeResult"}


@dataclass(frozen=True)
class Ran:
    """A run of dbt in which everything has passed.

    Attributes:
        results: a result for each node that ran.
        options: the options of dbt, by name.
        invocation_id: dbt's name of this run, in everything that it has written.
    """

    results: list[NodeResult]
    options: dict[str, Any]
    invocation_id: str


def place_of(engine: str, project: Path = PROJECT) -> list[str]:
    """The options that lead dbt to the project and to a target of its profile."""
    return ["--target", engine, "--profiles-dir", str(project), "--project-dir", str(project)]


def run_dbt(arguments: list[str], console: Console, project: Path = PROJECT) -> Ran | None:
    """Runs dbt, shows how far it is, and prints its warnings and errors.

    Where the output is no terminal, such as in CI, a line for each tenth takes the bar's place.

    Args:
        arguments: the command line behind `dbt`.
        console: where to print.
        project: the folder to run in; the profile's paths are relative to it.

    Returns:
        What ran; None where it failed.
    """
    said: set[str] = set()

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
            # Macros say with log(info=true) what you should know, such as a rebuild after an upgrade.
            if event.info.level in ("warn", "error") or event.info.name == "JinjaLogInfo":
                say_once(event.info.msg)

        with _in_folder(project), few_collections():
            try:
                result = dbtRunner(callbacks=[follow]).invoke(arguments)
            finally:
                # dbt keeps its connection, and a file open for writing can't be opened to read.
                DuckDBConnectionManager.close_all_connections()
    if result.exception and not any(str(result.exception) in text for text in said):
        say(console, str(result.exception))
    if not result.success:
        return None
    # Without a result, dbt only said something, such as its help.
    results, options = getattr(result.result, "results", []), getattr(result.result, "args", {})
    return Ran(results, options, get_invocation_id())


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def few_collections() -> Iterator[None]:
    """Lets Python look for unused cycles rarely.

    dbt makes many objects and few cycles: looking for them takes a fifth of its time.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
