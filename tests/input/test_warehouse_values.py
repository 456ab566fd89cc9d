"""Values in a warehouse's tables are read by the rules of files: create_raw_views, on DuckDB."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from plg.inputs import SOURCES
from tests.harness import PROJECT
from tests.input.warehouse import RAW_SCHEMA, SOURCE_SCHEMA, Row, differences


def make_project(folder: Path) -> None:
    """A dbt project with this one's macros and raw tables, and no plugin that reads files."""
    (folder / "models").mkdir()
    (folder / "models" / "sources.yml").symlink_to(SOURCES)
    (folder / "macros").symlink_to(PROJECT / "macros")
    (folder / "seeds").mkdir()
    for name in ("input_columns.csv", "segments.csv"):
        (folder / "seeds" / name).symlink_to(PROJECT / "seeds" / name)
    (folder / "dbt_project.yml").write_text(
        "{name: plg_analytics, profile: test, model-paths: [models], "
        "flags: {send_anonymous_usage_stats: false}}"
    )
    (folder / "profiles.yml").write_text(
        "test: {target: test, outputs: {test: {type: duckdb, path: test.duckdb, "
        "settings: {TimeZone: UTC}}}}"
    )


@pytest.mark.long
def test_every_value_of_a_warehouse(tmp_path: Path) -> None:
    make_project(tmp_path)
    database = tmp_path / "test.duckdb"

    def run(statement: str) -> None:
        with duckdb.connect(str(database)) as connection:
            connection.execute(statement)

    def make_views() -> None:
        dbt = Path(sys.executable).with_name("dbt")
        command = [str(dbt), "--quiet", "run-operation", "create_raw_views", "--args"]
        done = subprocess.run(
            [*command, f"{{schema: {SOURCE_SCHEMA}}}"],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={**os.environ, "PLG_RAW_SCHEMA": RAW_SCHEMA},
        )
        assert done.returncode == 0, done.stdout

    def fetch(relation: str, columns: Sequence[str]) -> list[Row]:
        with duckdb.connect(str(database)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(f"select {', '.join(columns)} from {relation}").fetchall()

    assert differences("duckdb", run, make_views, fetch) == []
