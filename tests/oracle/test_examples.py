"""The oracle on the examples of the definitions, each computed by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.oracle.arithmetic import change_p_value
from tests.oracle.cleaning import Limits, events_that_count, users_that_count
from tests.oracle.definitions import Milestone, Target
from tests.oracle.observation import reached
from tests.oracle.population import Variables
from tests.oracle.raw_files import RawEvent, RawUser
from tests.oracle.retention import Period, retention_periods
from tests.oracle.scorecard import Noise, status

HIGHER, LOWER = True, False


@pytest.mark.parametrize(
    ("current", "target_value", "change", "is_higher_better", "tolerance", "expected"),
    [
        (0.32, 0.40, 0.02, HIGHER, 0.005, "improving"),
        (2.1, 1.5, -0.3, LOWER, 0.25, "on_track"),
        (0.65, 0.70, -0.01, HIGHER, 0.005, "needs_attention"),
        (3.5, 2.5, 0.2, LOWER, 0.25, "stable"),
        (1.2, 1.5, 0.1, HIGHER, 0.05, "improving"),
        (0.42, 0.50, 0.03, HIGHER, 0.005, "improving"),
        (0.12, 0.15, 0.0, HIGHER, 0.005, "stable"),
    ],
)
def test_the_statuses_of_the_reference_material(
    current: float,
    target_value: float,
    change: float,
    is_higher_better: bool,
    tolerance: float,
    expected: str,
) -> None:
    target = Target(None, None, is_higher_better, target_value, tolerance)
    assert status(current, change, target) == expected


@pytest.mark.parametrize(
    ("now", "before", "p_value", "expected"),
    [
        ((30, 100), (45, 110), 0.09939953216165602, "stable"),
        ((30, 100), (60, 110), 0.00033098489481228545, "needs_attention"),
        ((12, 40), (20, 60), None, "not_enough_data"),
        ((18, 40), (20, 60), None, "met"),
    ],
)
def test_the_status_of_a_rate_knows_noise(
    now: tuple[int, int], before: tuple[int, int], p_value: float | None, expected: str
) -> None:
    found = change_p_value(now, before, 50)
    assert found == (p_value if p_value is None else pytest.approx(p_value, rel=1e-12))
    current, change = now[0] / now[1], now[0] / now[1] - before[0] / before[1]
    target = Target(None, None, HIGHER, 0.40, 0.005)
    assert status(current, change, target, Noise(found, 0.05)) == expected


def test_an_expected_cell_below_five_is_too_little() -> None:
    assert change_p_value((5, 50), (5, 50), 50) == 1.0
    assert change_p_value((4, 50), (5, 50), 50) is None
    assert change_p_value((0, 0), (5, 50), 0) is None


def milestone(min_count: int = 1, min_days: int | None = None, within: int | None = None):
    return Milestone(
        "m", Decimal(1), timedelta(days=9), "e", 1, "p", True, True, min_count, min_days, within
    )


def days(*numbers: float) -> list[datetime]:
    return [datetime(2024, 1, 1) + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("of", "timestamps", "expected"),
    [
        (milestone(min_days=3, within=7), days(0, 0.5, 6, 7, 7.5), None),
        (milestone(min_days=3, within=7), days(0, 1, 6.9), 6.9),
        (milestone(min_days=3, within=7), days(0, 5, 7.1, 7.5, 8), 8),
        (milestone(min_days=3), days(0, 40, 40.5, 80), 80),
        (milestone(min_days=2, within=2), days(0, 0.1, 2, 3), 3),
        (milestone(min_days=1, within=1), days(4, 5), 4),
        (milestone(min_count=2), days(0, 0), 0),
        (milestone(), [], None),
    ],
)
def test_days_of_use(of: Milestone, timestamps: list[datetime], expected: float | None) -> None:
    assert reached(of, timestamps) == (None if expected is None else days(expected)[0])


def test_periods_of_retention() -> None:
    periods = list(
        retention_periods(Variables(retention_days=0, retention_weeks=-1, retention_months=1))
    )
    assert periods == [
        Period("day", 0, 0, 0),
        Period("month", 0, 0, 29),
        Period("month", 1, 30, 59),
        Period("bracket", 1, 1, 7),
        Period("bracket", 2, 8, 14),
        Period("bracket", 3, 15, 30),
        Period("bracket", 4, 31, 60),
        Period("bracket", 5, 61, 90),
        Period("on_or_after", 1, 1, 90),
        Period("on_or_after", 7, 7, 90),
        Period("on_or_after", 14, 14, 90),
        Period("on_or_after", 30, 30, 90),
    ]


NOON = datetime(2024, 3, 4, 12)
LIMITS = Limits(frozenset({"bot"}), datetime(2030, 1, 1), timedelta(hours=1))


def user(user_id: str, created_at: datetime | None, plan: str | None = None, **times: datetime):
    return RawUser(
        user_id,
        None,
        created_at,
        plan,
        None,
        None,
        times.get("updated_at"),
        times.get("received_at"),
        "users.csv",
    )


def event(event_id: str | None, timestamp: datetime, name: str = "e", properties=None):
    return RawEvent(event_id, "u", name, timestamp, properties, None, "events.csv")


def test_the_latest_row_of_a_user_stays_with_the_earliest_signup() -> None:
    hour = timedelta(hours=1)
    users, _, outcomes = users_that_count(
        [
            user("u", NOON, "a"),
            user("u", NOON + hour, "z", updated_at=NOON),
            user("u", NOON + 2 * hour, "b", received_at=NOON + hour),
            user("u", NOON - hour, "c", updated_at=NOON - hour),
            user("bot", NOON),
            user("x", None),
        ],
        LIMITS,
    )
    assert users.keys() == {"u"}
    assert (users["u"].plan_tier, users["u"].created_at) == ("b", NOON - hour)
    assert sorted(str(outcome.rule) for outcome in outcomes) == [
        "None",
        "duplicate_user",
        "duplicate_user",
        "duplicate_user",
        "excluded_user",
        "missing_key",
    ]


def test_events_around_the_signup() -> None:
    hour, moment = timedelta(hours=1), timedelta(microseconds=1)
    midnight = NOON.replace(hour=0)
    timestamps = [
        NOON - hour - moment,
        NOON - hour,
        midnight,
        midnight + moment,
        midnight - timedelta(days=1),
        NOON + moment,
    ]
    events, outcomes = events_that_count(
        [event(str(number), timestamp) for number, timestamp in enumerate(timestamps)],
        {"u": user("u", NOON)},
        LIMITS,
    )
    assert {e.event_id: e.timestamp for e in events} == {
        "1": NOON,
        "2": NOON,
        "5": NOON + moment,
    }
    assert sum(outcome.rule == "before_signup" for outcome in outcomes) == 3


def test_duplicates_share_an_id_a_user_and_a_name() -> None:
    later = NOON + timedelta(hours=1)
    events, _ = events_that_count(
        [
            event("1", later, properties="a"),
            event("1", NOON, properties="b"),
            event("1", NOON, properties=None),
            event("1", NOON, name="other"),
            event(None, NOON),
            event(None, NOON),
            event(None, later),
            event(None, later, properties="{}"),
        ],
        {"u": user("u", NOON)},
        LIMITS,
    )
    assert sorted(
        (e.event_id or "", e.event_name, e.timestamp, e.properties or "") for e in events
    ) == [
        ("", "e", NOON, ""),
        ("", "e", later, ""),
        ("", "e", later, "{}"),
        ("1", "e", NOON, "b"),
        ("1", "other", NOON, ""),
    ]
