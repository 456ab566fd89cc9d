"""Hand-offs of real builds, day by day, lead to what one hand-off at the end says."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from plg.handoff.folder import reserved, send
from plg.handoff.leads import read_leads
from tests.handoff.crm import import_all, runs
from tests.harness import build

FIRST = datetime(2024, 3, 1)
DAYS = (6, 9, 14, 20, 33, 45)
ARGUMENTS = [
    "build",
    "--select",
    "+leads_to_hand_off",
    "--exclude-resource-type",
    "test",
    "unit_test",
]


def write_world(raw_dir: Path) -> None:
    """Users who use a paid feature, invite, go quiet, come back, and pay; at the very midnight, too."""
    rng = random.Random(16)
    raw_dir.mkdir()
    users = ["user_id,account_id,created_at,plan_tier,install_source,invited_by"]
    events = ["event_id,user_id,event_name,timestamp,properties"]
    for number in range(40):
        start = FIRST + timedelta(minutes=rng.randrange(8 * 1440))
        users.append(f"u{number},a{number // 2},{start},free,web,")
        happened = [("user_signup", timedelta(0)), ("user_login", timedelta(minutes=5))]
        for name, share in (
            ("paid_feature_used", 0.7),
            ("invite_sent", 0.6),
            ("subscription_started", 0.3),
        ):
            for _ in range(2):
                if rng.random() < share:
                    happened.append((name, timedelta(minutes=rng.randrange(40 * 1440))))
        events += [
            f"e{number}-{place},u{number},{name},{start + after},"
            for place, (name, after) in enumerate(happened)
        ]
    events.append(f"last,u0,user_login,{FIRST + timedelta(days=60)},")
    events.append(f"midnight,u1,paid_feature_used,{FIRST + timedelta(days=9)},")
    (raw_dir / "users.csv").write_text("\n".join(users) + "\n")
    (raw_dir / "events.csv").write_text("\n".join(events) + "\n")


@pytest.mark.long
def test_daily_hand_offs_equal_one_at_the_end(tmp_path: Path) -> None:
    write_world(tmp_path / "raw")
    folders = tmp_path / "daily", tmp_path / "at_once"
    statuses = set()
    for day in DAYS:
        now = FIRST + timedelta(days=day)
        database = build(
            tmp_path / "raw",
            tmp_path,
            None,
            {"observed_until": now.isoformat()},
            arguments=ARGUMENTS,
        )
        leads = read_leads(database, "marts")
        statuses |= {row["status"] for row in leads.rows.values()}
        with reserved(folders[0]):
            send(folders[0], leads, now.replace(tzinfo=timezone.utc))
            assert send(folders[0], leads, now.replace(tzinfo=timezone.utc)) is None
    (tmp_path / "fresh").mkdir()
    fresh = build(
        tmp_path / "raw",
        tmp_path / "fresh",
        None,
        {"observed_until": now.isoformat()},
        arguments=ARGUMENTS,
    )
    assert read_leads(fresh, "marts") == leads
    with reserved(folders[1]):
        send(folders[1], leads, now.replace(tzinfo=timezone.utc))
    assert statuses >= {"open", "converted", "expired"}
    assert len(runs(folders[0])) > 3
    assert import_all(folders[0]) == import_all(folders[1])
