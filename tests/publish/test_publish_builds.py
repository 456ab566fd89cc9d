"""Readers find a whole, tested publication while builds and publications run.

`plg publish` on a small part of the sample, with a process that reads in a loop.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from plg.marts import read_marts
from plg.publish.publication import current_version
from tests.harness import PROJECT, SETTINGS, query
from tests.publish.published_reader import published_versions

PUBLISHER = ("-m", "plg", "publish")
# One in so many users of the sample.
SHARE = 40
NARROWED = ("--select", "data_quality_by_rule")
# An event that nobody sends, where a warning is an error: a test fails.
FAILING = (
    "--select",
    "activation_by_cohort",
    "invitation_event_occurs",
    "--warn-error",
    "--vars",
    "{invitation_event: sent_by_nobody}",
)


class World:
    """A folder of raw files that grows, and what is built and published of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.published = folder / "published"
        self.database = folder / "plg.duckdb"

    def deliver(self, until: str) -> None:
        """Lets the raw files reach until a date."""
        raw = self.folder / "raw"
        (raw / "events").mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute(
                f"create view users as from '{PROJECT}/sample/users.parquet' "
                f"where hash(user_id) % {SHARE} = 0 and created_at < '{until}'"
            )
            connection.execute(f"copy users to '{raw}/users.parquet'")
            connection.execute(
                f"copy (from '{PROJECT}/sample/events.parquet' where timestamp < '{until}' and "
                "user_id in (select user_id from users) and "
                f"timestamp >= '{self.delivered_until()}') to '{raw}/events/{until}.parquet'"
            )

    def delivered_until(self) -> str:
        files = sorted((self.folder / "raw" / "events").iterdir())
        return files[-1].stem if files else "2000-01-01"

    def publish(self, *arguments: str) -> tuple[int, str]:
        """Runs plg publish; gives its exit code, and what it printed."""
        finished = subprocess.run(
            [sys.executable, *PUBLISHER, *arguments],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if name not in SETTINGS},
                "PYTHONPATH": str(PROJECT),
                "PLG_RAW_DIR": "raw",
                "PLG_DATABASE": "plg.duckdb",
                "PLG_PUBLISH_DIR": "published",
                "PLG_REPORT_DIR": "report",
                "PLG_DEFINITIONS_DIR": str(PROJECT / "seeds"),
                "DBT_TARGET_PATH": str(self.folder / "target"),
                "DBT_LOG_PATH": str(self.folder / "logs"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return finished.returncode, finished.stdout

    def must_publish(self, *arguments: str) -> str:
        code, said = self.publish(*arguments)
        assert code == 0, said
        version = current_version(self.published)
        assert f"Published {version}." in said
        return version


@pytest.mark.long
def test_readers_read_on_while_builds_and_publications_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.deliver("2024-03-01")
    # YAML takes it for a date.
    versions = [world.must_publish("--vars", "{observed_until: 2024-02-20}")]
    stop_file = tmp_path / "stop"
    command = [
        sys.executable,
        "-m",
        "tests.publish.published_reader",
        world.published,
        stop_file,
        "0.1",
    ]
    reader = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        world.deliver("2024-03-15")
        versions.append(world.must_publish())
        world.deliver("2024-04-01")
        versions.append(world.must_publish())
        require_equal_to_built(world)
        world.deliver("2024-04-15")
        stands = f"Nothing was published; readers still find the last publication, {versions[-1]}."
        code, said = world.publish(*NARROWED)
        assert code == 1 and "were left out of this build" in said and stands in said
        # The last, as dbt reads the whole project again for other vars, and for none after them.
        code, said = world.publish(*FAILING)
        assert code == 1 and "The build failed" in said and stands in said
        assert published_versions(world.published) == versions
    finally:
        stop_file.touch()
        found = json.loads(reader.communicate()[0])
    assert not found["failures"]
    assert list(found["versions"]) == versions
    assert all(len(contents) == 1 for contents in found["versions"].values())
    until = [contents[0][0] for contents in found["versions"].values()]
    assert until == sorted(set(until)), "the versions don't differ, so a mixture would not be seen"
    # Some each second, not one before and one after.
    assert found["read_count"] > 50
    page = (world.published / "current" / "report" / "index.html").read_text()
    assert f"data until {until[-1][:10]}" in page


def require_equal_to_built(world: World) -> None:
    """Every mart is published: all rows, columns, types and comments, also as parquet."""
    tables = (
        "select table_name, comment from duckdb_tables() where schema_name = 'marts' "
        "and table_name <> 'publication' order by all"
    )
    columns = (
        "select table_name, column_index, column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name <> 'publication' order by all"
    )
    published = world.published / "current" / "plg.duckdb"
    assert query(published, tables) == query(world.database, tables)
    assert query(published, columns) == query(world.database, columns)
    names = [row["table_name"] for row in query(world.database, tables)]
    assert names == sorted(read_marts())
    for name in names:
        rows = query(world.database, f"from marts.{name} order by all")
        # A mart of warnings may rightly have none.
        assert rows or name == "build_warnings", name
        assert query(published, f"from marts.{name}") == rows, name
        file = world.published / "current" / "parquet" / f"{name}.parquet"
        assert query(world.database, f"from read_parquet('{file}')") == rows, name
        described = f"select column_name, column_type from (describe from {{}}{name}{{}})"
        assert query(world.database, described.format(f"'{file.parent}/", ".parquet'")) == query(
            world.database, described.format("marts.", "")
        )
