"""Builds the project on given input, apart from the working copy, and reads the result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).resolve().parent.parent
DBT = Path(sys.executable).with_name("dbt")
SETTINGS = (
    "PLG_RAW_DIR",
    "PLG_DATABASE",
    "PLG_RAW_SCHEMA",
    "PLG_DEFINITIONS_DIR",
    "PLG_MEMORY_LIMIT",
)


class BuildFailed(AssertionError):
    """dbt ended with an error; the message is what it printed."""


def dbt(*arguments: str, workdir: Path, **environment: str) -> str:
    """Runs dbt on the project, with its target folder, logs and database in `workdir`.

    Args:
        arguments: the command line behind `dbt`.
        workdir: an existing folder that takes all that the run writes.
        environment: environment variables over those of this process; the project's own settings
            are not inherited.

    Returns:
        What dbt printed.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    inherited = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    finished = subprocess.run(
        [str(DBT), "--no-use-colors", *arguments],
        cwd=PROJECT,
        env={
            **inherited,
            "PLG_DATABASE": str(workdir / "plg.duckdb"),
            "DBT_TARGET_PATH": str(workdir / "target"),
            "DBT_LOG_PATH": str(workdir / "logs"),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise BuildFailed(finished.stdout)
    return finished.stdout


def build(
    raw_dir: Path,
    workdir: Path,
    definitions_dir: Path | None = None,
    variables: dict[str, Any] | None = None,
    *,
    checks: bool = False,
) -> Path:
    """Builds all seeds and models on the raw files.

    Args:
        raw_dir: folder with the raw tables, as PLG_RAW_DIR.
        workdir: an existing folder for the database and what dbt writes.
        definitions_dir: folder with the definition CSVs; the shipped ones where None.
        variables: dbt vars, such as observed_until.
        checks: whether data tests and unit tests run, too.

    Returns:
        The path of the DuckDB file.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    arguments = ["build", "--vars", json.dumps(variables or {})]
    if not checks:
        arguments += ["--exclude-resource-type", "test", "unit_test"]
    environment = {"PLG_RAW_DIR": str(raw_dir)}
    if definitions_dir is not None:
        environment["PLG_DEFINITIONS_DIR"] = str(definitions_dir)
    dbt(*arguments, workdir=workdir, **environment)
    return workdir / "plg.duckdb"


def query(database: Path, sql: str) -> list[dict[str, Any]]:
    """The rows of a query on the database, each a dict from column to Python value."""
    with duckdb.connect(str(database), read_only=True) as connection:
        result = connection.execute(sql)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
