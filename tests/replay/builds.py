"""Runs dbt on a replayed world, whole or killed halfway, and compares the marts of databases."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from plg.compare import mart_differences, open_databases
from plg.marts import read_marts
from tests import harness
from tests.harness import DBT, PROJECT, SETTINGS, BuildFailed, build, settings_for

# Without what only MetricFlow asks for: views on which no mart depends.
BUILD = [*harness.BUILD, "--exclude", "path:models/semantic"]
# Examples shown of each kind of difference: what is wrong in one mart must not bury the others.
MOST_SHOWN = 3
# What later models read of the incremental ones, without versions and numbers of users and parts:
# those depend on the builds before. A row that only says what is gone counts as no row.
SIGNUPS = """
    join (select id_key as user_key, user_id from {0}.intermediate.int_signups) as signups
    using (user_key)
"""
PARTS = "join {0}.intermediate.int_event_parts as parts using (part_key)"
INCREMENTAL = {
    "int_events": f"""
        select user_id, events.* exclude (user_key)
        from {{0}}.intermediate.int_events as events {SIGNUPS}
    """,
    "int_events_classified": f"""
        select
            part, coalesce(events.user_id, signups.user_id) as user_id, aliases.user_id as own_id,
            if(has_event_id, event_hash, 0) as id_hash,
            events.* exclude (
                part_key, user_key, alias_key, user_id, event_hash, part_version, signup_version,
                row_version
            )
        from {{0}}.intermediate.int_events_classified as events left {SIGNUPS} {PARTS}
        left join {{0}}.intermediate.int_signups as aliases on events.alias_key = aliases.id_key
        where removed_by is distinct from 'replaced'
    """,
    "int_events_repeated": f"""
        select
            user_id,
            if(has_event_id, event_hash, 0) as id_hash,
            copies.* exclude (
                part_key, user_key, alias_key, event_hash, part_version, signup_version,
                event_version, row_version
            )
        from {{0}}.intermediate.int_events_repeated as copies {SIGNUPS}
        qualify count(*) over (partition by event_hash) > 1
    """,
    "int_event_counts": f"""
        select part, counts.* exclude (part_key, event_version, row_version)
        from {{0}}.intermediate.int_event_counts as counts {PARTS}
        where row_count > 0
    """,
    "int_user_days": f"""
        select user_id, activity_date
        from {{0}}.intermediate.int_user_days {SIGNUPS} where is_active
    """,
    "int_active_days": f"""
        select user_id, activity_date, previous_active_date, next_active_date
        from {{0}}.intermediate.int_active_days {SIGNUPS} where activity_date is not null
    """,
    "int_defined_events": f"""
        select user_id, event_name, occurred_date, occurred_at, invitation_count, matched_filters
        from {{0}}.intermediate.int_defined_events {SIGNUPS} where occurred_at is not null
    """,
    "int_milestone_reach_history": f"""
        select user_id, milestone_id, reached_at
        from {{0}}.intermediate.int_milestone_reach_history {SIGNUPS} where reached_at is not null
    """,
    "int_funnel_step_history": f"""
        select user_id, funnel_id, step_number, previous_at, reached_at, excluded_at
        from {{0}}.intermediate.int_funnel_step_history {SIGNUPS}
        where previous_at is not null or reached_at is not null
    """,
}
FINISHED = re.compile(r" (\d+) of (\d+) (?:OK|PASS|INSERT|CREATE)")


class Warehouse:
    """A database that is built again and again on the same raw files."""

    def __init__(self, folder: Path, name: str, raw_dir: Path, definitions_dir: Path) -> None:
        self.raw_dir, self.definitions_dir = raw_dir, definitions_dir
        self.home = folder / name
        self.home.mkdir(parents=True, exist_ok=True)
        self.database = self.home / "plg.duckdb"

    def empty(self) -> None:
        """Takes the database away, and all that lies beside it."""
        shutil.rmtree(self.home)
        self.home.mkdir()

    def copy_to(self, other: Warehouse) -> None:
        other.empty()
        shutil.copytree(self.home, other.home, dirs_exist_ok=True)

    def build(
        self,
        variables: dict[str, Any],
        *,
        full_refresh: bool = False,
        environment: dict[str, str] | None = None,
    ) -> None:
        """`dbt build` of all seeds and models that a mart depends on, without comments.

        Raises:
            BuildFailed: dbt ended with an error.
        """
        options = ["--threads", "1", *(["--full-refresh"] if full_refresh else [])]
        build(
            self.raw_dir,
            self.home,
            self.definitions_dir,
            variables,
            arguments=[*BUILD, *options],
            environment=environment,
        )

    def build_and_kill(self, variables: dict[str, Any], share: float, delay: float) -> str:
        """`dbt build` as a process of its own, killed once a share of its steps is done.

        Args:
            variables: dbt vars.
            share: of the seeds and models, those that are done when the kill comes.
            delay: seconds from there to the kill, so that it meets a statement halfway.

        Returns:
            Where it was killed.
        """
        settings = settings_for(self.raw_dir, self.home, self.definitions_dir)
        process = subprocess.Popen(
            [str(DBT), "--no-use-colors", *BUILD, "--vars", json.dumps(variables)],
            cwd=PROJECT,
            env={**inherited(), **settings, "DBT_WRITE_JSON": "false"},
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
    """Where the marts and incremental models of one database differ from the other's."""
    with open_databases(threads=1, actual=actual, expected=expected) as connection:
        found = mart_differences(
            connection, "expected.marts.{}".format, "actual.marts.{}".format, limit=MOST_SHOWN
        )
        for name, query in INCREMENTAL.items():
            for unlike, one, other in (
                ("only an incremental build has", "actual", "expected"),
                ("only a full build has", "expected", "actual"),
            ):
                rows = connection.execute(
                    f"from ({query.format(one)}) except all from ({query.format(other)}) "
                    f"limit {MOST_SHOWN}"
                )
                found += [f"{name}: {unlike} {row}" for row in rows.fetchall()]
        return found


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
