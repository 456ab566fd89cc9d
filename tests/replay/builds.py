"""Runs dbt on a replayed world, whole or killed halfway, and compares the marts of databases."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plg.compare import mart_differences, open_databases
from plg.marts import read_marts
from tests import harness
from tests.harness import DBT, PROJECT, SETTINGS, BuildFailed, build_in_process

# Without what only MetricFlow asks for: views on which no mart depends.
BUILD = [*harness.BUILD, "--exclude", "path:models/semantic"]
# Examples shown of each kind of difference: what is wrong in one mart must not bury the others.
MOST_SHOWN = 3
FINISHED = re.compile(r" (\d+) of (\d+) (?:OK|PASS|INSERT|CREATE)")


class Warehouse:
    """A database that is built again and again on the same raw files.

    All databases of a replay lie in folders of their own, and take turns in one place while they
    are built: for dbt it is always the same database, so that it need not parse the project anew.
    """

    def __init__(self, folder: Path, name: str, raw_dir: Path, definitions_dir: Path) -> None:
        self.place = folder / "being_built"
        self.home = folder / name
        self.home.mkdir(parents=True, exist_ok=True)
        self.database = self.home / "plg.duckdb"
        self.settings = {
            "PLG_RAW_DIR": str(raw_dir),
            "PLG_DEFINITIONS_DIR": str(definitions_dir),
            "PLG_DATABASE": str(self.place / "plg.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_WRITE_JSON": "false",
        }

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The database, and all that lies beside it, where dbt builds it."""
        self.home.rename(self.place)
        try:
            yield
        finally:
            self.place.rename(self.home)

    def empty(self) -> None:
        """Takes the database away, and all that lies beside it."""
        shutil.rmtree(self.home)
        self.home.mkdir()

    def copy_to(self, other: Warehouse) -> None:
        other.empty()
        shutil.copytree(self.home, other.home, dirs_exist_ok=True)

    def build(self, variables: dict[str, Any], *, full_refresh: bool = False) -> None:
        """`dbt build` of all seeds and models that a mart depends on, without comments.

        Raises:
            BuildFailed: dbt ended with an error.
        """
        with self.in_place():
            options = ["--threads", "1", *(["--full-refresh"] if full_refresh else [])]
            build_in_process([*BUILD, *options], self.settings, variables)

    def build_and_kill(self, variables: dict[str, Any], share: float, delay: float) -> str:
        """`dbt build` as a process of its own, killed once a share of its steps is done.

        Args:
            variables: dbt vars.
            share: of the seeds and models, those that are done when the kill comes.
            delay: seconds from there to the kill, so that it meets a statement halfway.

        Returns:
            Where it was killed.
        """
        with self.in_place():
            process = subprocess.Popen(
                [str(DBT), "--no-use-colors", *BUILD, "--vars", json.dumps(variables)],
                cwd=PROJECT,
                env={**inherited(), **self.settings},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            lines = []
            try:
                for line in process.stdout:
                    lines.append(line)
                    step = FINISHED.search(line)
                    if step and int(step[1]) >= share * int(step[2]):
                        time.sleep(delay)
                        break
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.stdout.close()
                code = process.wait()
        if code == 0:
            return "whole before the kill came"
        if code != -signal.SIGKILL:
            raise BuildFailed(f"It was to be killed and ended with {code}:\n{''.join(lines)}")
        return f"killed after {lines[-1].strip()}"


def inherited() -> dict[str, str]:
    """The environment of this process without the project's own settings."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


def build_differences(actual: Path, expected: Path) -> list[str]:
    """Where the marts of one database differ from the other's, cell by cell."""
    with open_databases(threads=1, actual=actual, expected=expected) as connection:
        return mart_differences(
            connection, "expected.marts.{}".format, "actual.marts.{}".format, limit=MOST_SHOWN
        )


def damages(database: Path, yesterday: Path, today: Path) -> list[str]:
    """What is wrong with the marts after a killed build.

    Each mart has to open, to have its key once, and to be yesterday's or today's, nothing between.
    """
    found = []
    states = {"yesterday's": yesterday, "today's": today}
    for name in read_marts():
        unlike = {
            state: one_mart_differences(name, database, expected)
            for state, expected in states.items()
        }
        if all(unlike.values()):
            found.append(f"{name} is neither yesterday's nor today's:")
            found += [
                f"  unlike {state}: {line}" for state, told in unlike.items() for line in told
            ]
    return found


def one_mart_differences(name: str, actual: Path, expected: Path) -> list[str]:
    with open_databases(threads=1, actual=actual, expected=expected) as connection:
        return mart_differences(
            connection,
            "expected.marts.{}".format,
            "actual.marts.{}".format,
            names=[name],
            limit=MOST_SHOWN,
        )
