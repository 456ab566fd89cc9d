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

import duckdb

from tests import harness
from tests.harness import DBT, PROJECT, SETTINGS, BuildFailed, build_in_process
from tests.oracle.compare import differences
from tests.oracle.oracle import KEYS

# Without what only MetricFlow asks for: views on which no mart depends.
BUILD = [*harness.BUILD, "--exclude", "path:models/semantic"]
# Differences shown of one mart: what is wrong in one must not bury the others.
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


def mart_differences(actual: Path, expected: Path) -> list[str]:
    """Where the marts of one database differ from the other's, cell by cell; doubles to 1e-9."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"attach '{actual}' as actual (read_only)")
        connection.execute(f"attach '{expected}' as expected (read_only)")
        return [
            difference
            for mart, keys in KEYS.items()
            for difference in differences_of_a_mart(connection, mart, keys)
        ]


def differences_of_a_mart(
    connection: duckdb.DuckDBPyConnection, mart: str, keys: tuple[str, ...]
) -> list[str]:
    actual, expected = f"actual.marts.{mart}", f"expected.marts.{mart}"
    if not has_mart(connection, "actual", mart):
        return [f"{mart}: there is no such table"]
    columns = {
        table: connection.execute(
            f"select column_name, column_type from (describe {table})"
        ).fetchall()
        for table in (actual, expected)
    }
    if columns[actual] != columns[expected]:
        return [f"{mart}: the columns are {columns[actual]}, expected are {columns[expected]}"]
    rows = {
        (left, right): rows_of(connection, f"from {left} except all from {right}")
        for left, right in ((actual, expected), (expected, actual))
    }
    # What is equal bit by bit is equal; only the rest is looked at closely.
    return differences(mart, rows[expected, actual], rows[actual, expected], keys, MOST_SHOWN)


def has_mart(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() "
            "where (database_name, schema_name, table_name) = (?, 'marts', ?)",
            [database, mart],
        ).fetchone()
    )


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    result = connection.execute(sql)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def oracle_differences(database: Path, expected: dict[str, list[dict[str, object]]]) -> list[str]:
    """Where the marts of the database differ from those that the oracle computed."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as actual (read_only)")
        for mart, keys in KEYS.items():
            if has_mart(connection, "actual", mart):
                rows = rows_of(connection, f"from actual.marts.{mart}")
                found += differences(mart, expected[mart], rows, keys, MOST_SHOWN)
            else:
                found.append(f"{mart}: there is no such table")
    return found


def damages(database: Path, yesterday: Path, today: Path) -> list[str]:
    """What is wrong with the marts after a killed build: each has to open, to have its key once,
    and to be yesterday's or today's, nothing between."""
    found = []
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"attach '{database}' as actual (read_only)")
        for mart, keys in KEYS.items():
            if not has_mart(connection, "actual", mart):
                continue
            repeated = connection.execute(
                f"select count(*) from (from actual.marts.{mart} "
                f"select {', '.join(keys)} group by all having count(*) > 1)"
            ).fetchone()[0]
            if repeated:
                found.append(f"{mart}: {repeated} keys stand more than once")
        unlike = {}
        for name, state in (("yesterday's", yesterday), ("today's", today)):
            connection.execute(f"attach '{state}' as expected (read_only)")
            for mart, keys in KEYS.items():
                unlike[mart, name] = differences_of_a_mart(connection, mart, keys)
            connection.execute("detach expected")
    for mart in KEYS:
        states = {name: told for (other, name), told in unlike.items() if other == mart}
        if all(states.values()):
            found += [f"{mart} is neither yesterday's nor today's:"]
            found += [f"  unlike {name}: {line}" for name, told in states.items() for line in told]
    return found
