"""A build as of a past day: what had arrived by then, and a day at which nothing had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import BuildFailed, build, query

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\nann,,2024-01-01,,,\n"
HEADER = "event_id,user_id,event_name,timestamp,properties"
EARLY, LATE = "e1,ann,task_completed,2024-01-02,", "e2,ann,task_completed,2024-01-03,"
RUN = ("run", "--select", "+int_events_classified")


def names_that_count(tmp_path: Path, events: str, observed_until: str) -> list[str]:
    raw_dir = tmp_path / "raw"
    raw_dir.mkdir()
    (raw_dir / "users.csv").write_text(USERS)
    (raw_dir / "events.csv").write_text(events)
    variables = {"observed_until": observed_until}
    database = build(raw_dir, tmp_path, None, variables, arguments=["seed"])
    build(raw_dir, tmp_path, None, variables, arguments=RUN)
    sql = "select cast(occurred_at as varchar) as seen from intermediate.int_events_classified"
    return sorted(row["seen"][:10] for row in query(database, sql))


ARRIVED = f"{HEADER},received_at\n{EARLY},2024-02-01 10:00:00\n{LATE},2024-02-02 10:00:00\n"


def test_nothing_had_arrived(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        names_that_count(tmp_path, ARRIVED, "2024-02-01T09:59:59.999999")
    assert (
        "The var observed_until is 2024-02-01 09:59:59.999999 UTC, but the first event arrived at "
        "2024-02-01 10:00:00 UTC (column received_at): nothing had been delivered by then. Set "
        "observed_until to that time or a later one, or to null."
    ) in str(caught.value)


def test_the_first_event_had_arrived(tmp_path: Path) -> None:
    assert names_that_count(tmp_path, ARRIVED, "2024-02-01T10:00:00") == ["2024-01-02"]


def test_no_time_of_arrival(tmp_path: Path) -> None:
    events = f"{HEADER}\n{EARLY}\n{LATE}\n"
    assert names_that_count(tmp_path, events, "2024-01-02") == ["2024-01-02"]
