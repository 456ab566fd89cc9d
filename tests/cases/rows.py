"""Rows that a rule may take wrongly, or that can't be read: duplicates, early events, broken lines."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from tests.cases.case import ACTIVATED, EVENTS, NOTHING, PLANS, REMOVED, Case
from tests.cases.values import ALL_WELL
from tests.cases.world import (
    Row,
    World,
    each,
    world,
    write_parquet,
    write_rows,
    write_world,
)


def _shifted(hours: float) -> World:
    """The product with a clock of the events that is behind by these hours."""
    made = world()
    each(
        made.events,
        "timestamp",
        lambda time: f"{datetime.fromisoformat(time) - timedelta(hours=hours)}",
    )
    return made


def _local_time(folder: Path) -> None:
    write_world(folder, _shifted(8))


def _clock_behind(folder: Path) -> None:
    write_world(folder, _shifted(0.75))


def _clock_behind_by_the_tolerance(folder: Path) -> None:
    made = _shifted(1)
    made.events[0]["timestamp"] = "2024-01-01 07:59:59.999999"
    write_parquet(folder / "events.parquet", made.events, timestamp="timestamp::timestamp")
    write_rows(folder / "users.csv", made.users)


def _whole_days(folder: Path) -> None:
    made = world()
    each(made.events, "timestamp", lambda time: time[:10])
    write_world(folder, made)


def _whole_days_as_digits(folder: Path) -> None:
    made = world()
    each(made.events, "timestamp", lambda time: int(time[:10].replace("-", "")))
    write_rows(folder / "events.jsonl", made.events)
    write_rows(folder / "users.csv", made.users)


def _whole_days_in_parquet(folder: Path) -> None:
    made = world()
    write_parquet(folder / "events.parquet", made.events, timestamp="timestamp::date")
    write_rows(folder / "users.csv", made.users)


def _migrated(folder: Path) -> None:
    made = world()
    each(made.users, "created_at", lambda _: "2024-02-05 03:00:00")
    write_world(folder, made)


def _partly_migrated(folder: Path) -> None:
    made = world(100)
    for user in made.users[:40]:
        user["created_at"] = "2024-03-10 03:00:00"
    kept = {user["user_id"] for user in made.users[40:]}
    made.events = [event for event in made.events if event["user_id"] in kept]
    made.events += world(1).events[3:5]
    each(made.events[-2:], "timestamp", lambda _: "2024-03-11 03:00:00")
    write_world(folder, made)


def _history_begins_late(folder: Path) -> None:
    made = world()
    made.events = [event for event in made.events if event["timestamp"] >= "2024-01-21"]
    noon = {"event_id": "x1", "user_id": "u020", "timestamp": "2024-01-22 12:00:00"}
    made.events.append(made.events[-1] | noon | {"event_name": "api_call_success"})
    made.events.append(made.events[-1] | {"event_id": "x2", "event_name": "task_completed"})
    write_world(folder, made)


def _dumps(later: Row) -> tuple[list[Row], list[Row]]:
    """Two dumps of the users: in the second, the first two have changed plans."""
    first = world().users
    second = [dict(user) | later for user in world().users]
    second[0]["plan_tier"], second[1]["plan_tier"] = "free", "trial"
    return first, second


def _dump_a_day(folder: Path) -> None:
    for day, rows in enumerate(_dumps({}), start=1):
        write_rows(folder / "users" / f"dt=2024-02-0{day}" / "users.csv", rows)
    write_rows(folder / "events.csv", world().events)


def _dump_with_updated_at(folder: Path) -> None:
    first, second = _dumps({"updated_at": "2024-02-02 00:00:00"})
    rows = second + [user | {"updated_at": "2024-02-01 00:00:00"} for user in first]
    write_rows(folder / "users.jsonl", rows)
    write_rows(folder / "events.csv", world().events)


def _dump_by_arrival(folder: Path) -> None:
    for day, rows in enumerate(_dumps({}), start=1):
        write_rows(folder / "users" / f"received_at=2024-02-0{day}" / "users.csv", rows)
    write_rows(folder / "events.csv", world().events)


def _ids_restart(folder: Path) -> None:
    made = world()
    for day in sorted({event["timestamp"][:10] for event in made.events}):
        rows = [event for event in made.events if event["timestamp"].startswith(day)]
        for number, event in enumerate(rows, start=1):
            event["event_id"] = f"{number}"
        write_rows(folder / "events" / f"{day}.csv", rows)
    write_rows(folder / "users.csv", made.users)


def _delivered_twice(folder: Path) -> None:
    made = world()
    write_rows(folder / "events" / "1.csv", made.events)
    write_rows(folder / "events" / "2.jsonl", made.events[:8])
    write_rows(folder / "users.csv", made.users)


def _one_event_years_ahead(folder: Path) -> None:
    made = world()
    made.events[-1]["timestamp"] = "2026-03-01 09:00:00"
    write_world(folder, made)


def _one_signup_years_ahead(folder: Path) -> None:
    made = world()
    made.users.append(made.users[0] | {"user_id": "late", "created_at": "2026-03-01 09:00:00"})
    write_world(folder, made)


def _lines(rows: list[Row]) -> list[str]:
    return [json.dumps(row) for row in rows]


def _many() -> World:
    """The product with 2,000 more logins of the first user, so that one line is few."""
    made = world()
    login = made.events[-1] | {"user_id": "u000"}
    for number in range(2000):
        made.events.append(login | {"event_id": f"x{number}", "timestamp": "2024-02-01 10:00:00"})
    return made


def _half_an_emoji(folder: Path) -> None:
    made = world()
    lines = _lines(made.events)
    lines[5] = lines[5].replace('"properties": null', '"properties": {"text": "Hi \\ud83c"}')
    assert "ud83c" in lines[5]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    write_rows(folder / "users.csv", made.users)


def _one_broken_line_of_many(folder: Path) -> None:
    made = _many()
    lines = _lines(made.events)
    lines[-1] = lines[-1][:40]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    write_rows(folder / "users.csv", made.users)


def _one_open_quote_of_many(folder: Path) -> None:
    """A quote that nobody closes: the rows behind it count."""
    made = _many()
    write_rows(folder / "events.csv", made.events)
    lines = (folder / "events.csv").read_text().splitlines()
    lines = [f'"{line.replace(chr(34), "")}' if "x1000" in line else line for line in lines]
    (folder / "events.csv").write_text("\n".join(lines) + "\n")
    write_rows(folder / "users.csv", made.users)


# The last event is earlier than seven days after the last signup, whose window is open.
LAST_OPEN = ALL_WELL | {ACTIVATED: [(20, 39)]}
BEFORE = ("rule_took_much", "before_signup")
MANY = ALL_WELL | {EVENTS: [(2161,)], REMOVED: [("events", "unreadable_row", 1)]}
LATER_PLANS = {PLANS: [("free", 30), ("pro", 9), ("trial", 1)]}

CASES = [
    Case(
        "events in local time",
        _local_time,
        numbers={ACTIVATED: [(0, 39)], REMOVED: [("events", "before_signup", 82)]},
        # What no first day has, no day has.
        warnings={
            BEFORE,
            (NOTHING, "invite_sent"),
            (NOTHING, "document_created"),
            (NOTHING, "api_call_success"),
            (NOTHING, "task_completed"),
        },
        said=("local time", "UTC"),
    ),
    Case("a clock that is behind", _clock_behind, numbers=LAST_OPEN),
    Case(
        "a clock that is behind by the tolerance",
        _clock_behind_by_the_tolerance,
        numbers={ACTIVATED: [(20, 39)], REMOVED: [("events", "before_signup", 1)]},
    ),
    Case("events of whole days", _whole_days, numbers=LAST_OPEN),
    Case("events of whole days as digits", _whole_days_as_digits, numbers=LAST_OPEN),
    Case("events of whole days in parquet", _whole_days_in_parquet, numbers=LAST_OPEN),
    Case(
        "all users migrated",
        _migrated,
        # Of that day, the first event comes hours after the migration.
        warnings={
            BEFORE,
            ("signups_before_first_event", "created_at"),
            (NOTHING, "api_call_success"),
            (NOTHING, "task_completed"),
        },
    ),
    Case(
        "some users migrated",
        _partly_migrated,
        warnings={("signups_on_one_date", "2024-03-10")},
        said=("41",),
    ),
    Case(
        "history that begins after the signups",
        _history_begins_late,
        warnings={("signups_before_first_event", "created_at")},
        said=("observed_from",),
    ),
    Case(
        "history that begins after the signups, and observed_from says so",
        _history_begins_late,
        variables={"observed_from": "2024-01-21"},
        numbers={ACTIVATED: [(10, 20)]},
    ),
    Case(
        "a dump of the users a day",
        _dump_a_day,
        warnings={("user_rows_differ", "user_id"), ("rule_took_much", "duplicate_user")},
        said=("updated_at",),
    ),
    Case("dumps with updated_at", _dump_with_updated_at, numbers=LATER_PLANS),
    Case(
        "dumps in folders by arrival",
        _dump_by_arrival,
        numbers=LATER_PLANS,
        # Each row of the older file has a newer one.
        warnings={("file_lost", "file")},
    ),
    Case(
        "event ids that restart in each file",
        _ids_restart,
        # Six users have two logins with the same number: nothing tells them from copies.
        numbers=ALL_WELL | {EVENTS: [(156,)], REMOVED: [("events", "duplicate_event", 6)]},
        warnings={("event_ids_shared", "event_id")},
    ),
    Case(
        "a file delivered twice",
        _delivered_twice,
        numbers=ALL_WELL | {REMOVED: [("events", "duplicate_event", 8)]},
    ),
    Case(
        "one event years ahead",
        _one_event_years_ahead,
        warnings={("newest_instant_alone", "observed_until_at")},
        said=("observed_until",),
    ),
    Case(
        "one signup years ahead",
        _one_signup_years_ahead,
        warnings={("newest_instant_alone", "observed_until_at")},
    ),
    Case(
        "half an emoji", _half_an_emoji, stops=("events.jsonl", "line 6", "unreadable_rows_allowed")
    ),
    Case(
        "half an emoji, and many rows may be broken",
        _half_an_emoji,
        variables={"unreadable_rows_allowed": 0.01},
        numbers={EVENTS: [(161,)], REMOVED: [("events", "unreadable_row", 1)]},
    ),
    Case("one broken line of many", _one_broken_line_of_many, numbers=MANY),
    Case("one open quote of many", _one_open_quote_of_many, numbers=MANY),
]
