"""A full refresh drops what it makes unsound, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness import build, dbt, query

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\nann,,2024-01-01,,,\n"
HEADER = "event_id,user_id,event_name,timestamp,properties\n"
MODELS = ("build", "--exclude-resource-type", "test", "unit_test")


def deliver(raw_dir: Path, name: str, *rows: str) -> None:
    (raw_dir / "events").mkdir(parents=True, exist_ok=True)
    (raw_dir / "users.csv").write_text(USERS)
    (raw_dir / "events" / f"{name}.csv").write_text(HEADER + "\n".join(rows) + "\n")


def active_days(database: Path) -> list[tuple]:
    rows = query(
        database,
        "select activity_date, dau from marts.active_users_by_day "
        "where segment_type = 'all' and dau > 0 order by activity_date",
    )
    return [(str(row["activity_date"]), row["dau"]) for row in rows]


@pytest.mark.long
def test_a_refresh_of_one_table_drops_what_is_built_on_it_alone(tmp_path: Path) -> None:
    raw_dir = tmp_path / "raw"
    deliver(raw_dir, "only", "e1,ann,task_completed,2024-01-02,")
    database = build(raw_dir, tmp_path)
    arguments = ("run", "--full-refresh", "--select", "int_event_dates")
    dbt(*arguments, workdir=tmp_path, PLG_RAW_DIR=str(raw_dir))
    tables = "select table_name from duckdb_tables() where schema_name = 'intermediate'"
    left = {row["table_name"] for row in query(database, tables)}
    assert left >= {"int_events_classified", "int_events_repeated", "int_event_dates", "int_users"}
    # Killed in between, it leaves nothing that is ahead of what it reads.
    log = (tmp_path / "logs" / "dbt.log").read_text()
    dropped = re.findall(r'drop table if exists "plg"."intermediate"."(\w+)" cascade', log)
    order = ["int_active_days", "int_user_days", "int_event_dates"]
    assert [name for name in dropped if name in order] == order
    by_defined_events = {"int_milestone_reach_history", "int_funnel_step_history"}
    others = {"int_defined_events", *by_defined_events, "int_tried_events"}
    assert set(dropped) == {*order, *others}
    assert not left & (set(dropped) - {"int_event_dates"})


@pytest.mark.long
def test_a_refresh_broken_off_is_taken_up_by_the_next_build(tmp_path: Path) -> None:
    raw_dir = tmp_path / "raw"
    environment = {"PLG_RAW_DIR": str(raw_dir)}
    deliver(raw_dir, "stays", "e1,ann,task_completed,2024-01-02,", "e2,ann,user_login,2024-02-01,")
    deliver(raw_dir, "goes", "e3,ann,task_completed,2024-01-05,")
    dbt(*MODELS, workdir=tmp_path, **environment)
    database = tmp_path / "plg.duckdb"
    assert active_days(database) == [("2024-01-02", 1), ("2024-01-05", 1)]
    # As far as this the refresh got; what is built on the events was not reached.
    (raw_dir / "events" / "goes.csv").unlink()
    selected = ("--full-refresh", "--select", "+int_events_classified")
    dbt(*MODELS, *selected, workdir=tmp_path, **environment)
    dbt(*MODELS, workdir=tmp_path, **environment)
    assert active_days(database) == [("2024-01-02", 1)]
