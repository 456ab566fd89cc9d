"""A change of the time zone moves every date that an earlier build has stored, and no time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.harness import PROJECT, query
from tests.replay.builds import Warehouse, build_differences

NAMES = ("invite_sent", "document_created", "api_call_success", "task_completed", "user_login")
# Around both changes of clocks in New York, and where St. John's has a date again.
FIRSTS = [datetime(2010, 11, 5), datetime(2024, 3, 8), datetime(2024, 11, 1)]
# Each from the one before: by half an hour, over midnight and back, to a zone that is UTC by another name.
ZONES = ["UTC", "Asia/Kolkata", "America/New_York", "America/St_Johns", "Atlantic/Reykjavik"]


def deliver(raw_dir: Path) -> Iterator[None]:
    """Users at first, then a file of events with each step, at all hours of five days."""
    random = Random(14)
    (raw_dir / "events").mkdir(parents=True)
    lines = ["user_id,account_id,created_at,plan_tier,install_source,invited_by"]
    starts = {}
    for number in range(60):
        starts[number] = random.choice(FIRSTS) + timedelta(minutes=random.randrange(5 * 1440))
        inviter = f"u{random.randrange(60)}" if random.random() < 0.3 else ""
        lines.append(f"u{number},,{starts[number]},{random.choice(['free', 'pro'])},web,{inviter}")
    (raw_dir / "users.csv").write_text("\n".join(lines) + "\n")
    for step in range(len(ZONES)):
        lines = ["event_id,user_id,event_name,timestamp,properties"]
        for number in range(300):
            user = random.randrange(60)
            time = starts[user] + timedelta(minutes=random.randrange(-30, 8 * 1440))
            # Some are delivered again with the next file.
            name = f"e{step * 250 + number},u{user},{random.choice(NAMES)}"
            lines.append(f"{name},{time},")
        (raw_dir / "events" / f"{step}.csv").write_text("\n".join(lines) + "\n")
        yield


@pytest.mark.long
def test_a_change_of_the_zone_equals_a_build_from_nothing(tmp_path: Path) -> None:
    raw_dir, seeds = tmp_path / "raw", PROJECT / "seeds"
    grown = Warehouse(tmp_path, "grown", raw_dir, seeds)
    fresh = Warehouse(tmp_path, "fresh", raw_dir, seeds)
    for _, zone in zip(deliver(raw_dir), ZONES, strict=True):
        grown.build({"reporting_timezone": zone})
        if zone != "UTC":
            fresh.empty()
            # The clocks of the last zone show UTC: every cell is that of UTC.
            fresh.build({} if zone == ZONES[-1] else {"reporting_timezone": zone})
            assert not build_differences(grown.database, fresh.database), zone


@pytest.mark.long
def test_the_zone_moves_dates_and_nothing_else(tmp_path: Path) -> None:
    raw_dir, seeds = tmp_path / "raw", PROJECT / "seeds"
    list(deliver(raw_dir))
    utc = Warehouse(tmp_path, "utc", raw_dir, seeds)
    local = Warehouse(tmp_path, "local", raw_dir, seeds)
    utc.build({})
    local.build({"reporting_timezone": "America/New_York"})
    columns = "* exclude (first_active_date, last_active_date, active_day_count)"
    for mart, sql in {
        "users": f"select {columns} from marts.users order by user_id",
        "pql_scores": "select * from marts.pql_scores order by user_id",
        "data_quality_by_rule": "select * from marts.data_quality_by_rule order by all",
        "time_to_first_value_curve": "select * from marts.time_to_first_value_curve order by all",
        **{
            name: f"select * exclude (cohort_date) from marts.{name} "
            "where cohort_grain = 'all' order by all"
            for name in (
                "activation_by_cohort",
                "milestone_completion_by_cohort",
                "milestone_velocity_by_cohort",
                "pql_conversion_by_cohort",
                "time_to_first_value_by_cohort",
                "viral_coefficient_by_cohort",
            )
        },
    }.items():
        assert query(local.database, sql) == query(utc.database, sql), mart
    dates = "select user_id, first_active_date from marts.users order by user_id"
    assert query(local.database, dates) != query(utc.database, dates)
