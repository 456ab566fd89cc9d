"""Funnels of a few letters and what users did in them, for tests that say what comes out."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from tests.oracle.funnels import funnel_conversion_by_cohort
from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.small_world import DAY, event, user

START = datetime(2024, 1, 1)
LATER = START + 60 * DAY
WATCHED = {"observed_until": LATER.isoformat()}


def clock(hours: float, days: int = 0) -> datetime:
    return START + days * DAY + timedelta(hours=hours)


def done(**by_user: list[tuple[str, datetime]]) -> dict[str, list[Row]]:
    """Users that signed up at the start, and what they did."""
    numbers = count()
    return {
        "users": [user(user_id, START) for user_id in by_user],
        "events": [
            event(
                next(numbers),
                instant,
                user_id,
                event_name=name,
                properties=rest[0] if rest else None,
            )
            for user_id, events in by_user.items()
            for name, instant, *rest in events
        ],
    }


def funnel(*names: str, window: str = "1d", funnel_id: str = "f") -> str:
    """Steps 1, 2, ...; a name with a question mark is optional."""
    return "".join(
        f"{funnel_id},{number},Step {number},{name.rstrip('?')},{window},"
        f"{'true' if name.endswith('?') else ''},,,\n"
        for number, name in enumerate(names, start=1)
    )


def steps_of(population: Population, funnel_id: str = "f") -> list[Row]:
    """The rows of everybody, by step."""
    rows = [
        row
        for row in funnel_conversion_by_cohort(population)
        if (row["cohort_grain"], row["segment_type"], row["funnel_id"]) == ("all", "all", funnel_id)
    ]
    return sorted(rows, key=lambda row: row["step_number"])


def column(rows: list[Row], name: str) -> list[object]:
    return [row[name] for row in rows]


def interval(row: Row, name: str) -> list[float]:
    return [row[name], row[f"{name}_ci_lower"], row[f"{name}_ci_upper"]]
