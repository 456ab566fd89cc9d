"""Milestones by days of use: the usual "active on 3 days of 7", on a product whose logins have dates only."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.harness import build, query
from tests.input.files import SEEDS

FIRST = date(2024, 1, 1)
# How many users log in on these days since their signup, and the day on which they reach it.
HABITS: list[tuple[int, list[int], int | None]] = [
    (50, [0, 1, 2, 3, 4, 5], 2),
    (46, [0, 2, 6, 9], 6),
    (40, [0, 30, 33, 36], 36),
    (24, [1, 4, 8, 9, 10], 9),
    (200, [0, 0, 0, 1, 1], None),
    (240, [0, 7, 14, 21, 28], None),
    (100, [0, 3, 7, 10, 14], None),
    (150, [5, 6], None),
    (200, [0], None),
    (150, [], None),
]
MILESTONE = "adopts,User logs in on 3 days of 7,1,90d,login,1,,true,true,,3,7"


def signup(number: int) -> date:
    return FIRST + timedelta(days=number % 50)


def write_events(folder: Path, name: str, events: list[tuple[str, date]]) -> None:
    lines = [f"{name}-{n},{user},login,{day}," for n, (user, day) in enumerate(events)]
    text = "\n".join(["event_id,user_id,event_name,timestamp,properties", *lines, ""])
    (folder / "events" / f"{name}.csv").write_text(text)


def reached(database: Path) -> dict[str, datetime]:
    rows = query(database, "from marts.users where is_activated")
    assert all(row["activated_at"] == row["first_value_at"] for row in rows)
    return {row["user_id"]: row["activated_at"] for row in rows}


@pytest.mark.long
def test_three_days_of_seven(tmp_path: Path) -> None:
    """160 of 1,200 users adopt. A late login makes one more, a removed one takes another away."""
    raw, definitions = tmp_path / "raw", tmp_path / "definitions"
    (raw / "events").mkdir(parents=True)
    shutil.copytree(SEEDS, definitions)
    header = (SEEDS / "milestones.csv").read_text().splitlines()[0]
    (definitions / "milestones.csv").write_text(f"{header}\n{MILESTONE}\n")
    habits = [(days, third) for count, days, third in HABITS for _ in range(count)]
    users = [f"u{number},,{signup(number)},,," for number in range(len(habits))]
    users.insert(0, "user_id,account_id,created_at,plan_tier,install_source,invited_by")
    (raw / "users.csv").write_text("\n".join([*users, ""]))
    events = [
        (f"u{number}", signup(number) + timedelta(days=day))
        for number, (days, _) in enumerate(habits)
        for day in days
    ]
    # u50 is the first who logs in on the days 0, 2, 6, 9: the login of day 6 is in a file of its own.
    lost = ("u50", signup(50) + timedelta(days=6))
    write_events(raw, "most", [event for event in events if event != lost])
    write_events(raw, "lost", [lost])
    database = build(raw, tmp_path, definitions)

    expected = {
        f"u{number}": datetime.combine(signup(number), datetime.min.time()) + timedelta(days=third)
        for number, (_, third) in enumerate(habits)
        if third is not None
    }
    assert (len(habits), len(expected)) == (1200, 160)
    assert reached(database) == expected

    weekly = sum(count for count, *_ in HABITS[:5])
    late = [(f"u{weekly}", signup(weekly) + timedelta(days=day)) for day in (9, 12)]
    write_events(raw, "late", late)
    (raw / "events" / "lost.csv").unlink()
    build(raw, tmp_path, definitions)
    # Of u50, the days 0, 2 and 9 are left; u{weekly} has 0, 7, 9, 12, 14.
    del expected["u50"]
    expected[f"u{weekly}"] = datetime.combine(late[1][1], datetime.min.time())
    assert reached(database) == expected
