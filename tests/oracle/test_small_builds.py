"""The oracle on a few rows: the thresholds of warnings, and what is measured and observed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.oracle.raw_files import Row
from tests.oracle.small_world import DAY, MOMENT, MONDAY, compute, fired, removed

Build = Callable[..., dict[str, list[Row]]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(
        users: Iterable[Row], events: Iterable[Row] = (), variables: Row | None = None, **seeds: str
    ) -> dict[str, list[Row]]:
        """The marts; `seeds` are the rows of CSVs that take the place of the shipped ones."""
        return compute(tmp_path, {"users": users, "events": events}, variables, **seeds)

    return build


def user(number: int, created_at: object = MONDAY, **columns: object) -> Row:
    return {"user_id": f"u{number}", "created_at": created_at, **columns}


def event(number: int, timestamp: object, name: str = "e", user_id: str = "u0") -> Row:
    return {
        "event_id": str(number),
        "user_id": user_id,
        "event_name": name,
        "timestamp": timestamp,
    }


def events(count: int, timestamp: object, **columns: str) -> list[Row]:
    return [event(number, timestamp, **columns) for number in range(count)]


@pytest.mark.parametrize(("lost_count", "is_said"), [(1, False), (2, True)])
def test_more_than_a_twentieth(build: Build, lost_count: int, is_said: bool) -> None:
    lost = [event(100 + number, "soon") for number in range(lost_count)]
    marts = build([user(0)], events(20 - lost_count, MONDAY) + lost)
    expected = [("events", "missing_key", 2, 0.1)] if is_said else []
    assert fired(marts, "rule_took_much") == expected


def test_many_rows_of_a_user_are_no_loss_where_they_say_when_they_were_true(build: Build) -> None:
    rows = [user(0, plan_tier=plan, updated_at=MONDAY) for plan in ("free", "pro")]
    marts = build(rows)
    assert fired(marts, "rule_took_much") == []
    assert fired(marts, "user_rows_differ") == [("users", "user_id", 1, 1.0)]


@pytest.mark.parametrize(("count", "is_said"), [(9, False), (10, True)])
def test_a_date_and_a_file_of_ten_rows_can_be_lost(build: Build, count: int, is_said: bool) -> None:
    lost = events(count, MONDAY + DAY, user_id="stranger")
    counting = [event(100, MONDAY), event(101, MONDAY + 2 * DAY)]
    marts = build([user(0)], [*lost, *counting])
    expected = [("events", "date", 10, 10 / 12)] if is_said else []
    assert fired(marts, "date_lost") == expected
    assert fired(marts, "file_lost") == []


def test_a_file_without_a_row_that_counts(build: Build) -> None:
    marts = build([user(0)], events(10, "31/01/2024"))
    assert fired(marts, "file_lost") == [("events", "file", 10, 1.0)]
    assert fired(marts, "definition_matches_nothing") == []


@pytest.mark.parametrize(("unknown_count", "is_said"), [(2, False), (3, True)])
def test_most_events_are_of_unknown_users(build: Build, unknown_count: int, is_said: bool) -> None:
    unknown = events(unknown_count, MONDAY, user_id="stranger")
    marts = build(
        [user(0)],
        [*unknown, event(10, MONDAY), event(11, MONDAY, user_id="bot")],
        excluded_users="bot,\n",
    )
    expected = [("events", "user_id", 3, 0.6)] if is_said else []
    assert fired(marts, "unknown_users") == expected


def test_event_ids_of_several_users(build: Build) -> None:
    shared = [event(0, MONDAY, user_id="u1"), event(0, MONDAY)]
    marts = build([user(0), user(1)], [*shared, *events(100, MONDAY)])
    assert fired(marts, "event_ids_shared") == []
    assert removed(marts, "events") == {"duplicate_event": 1}


def test_event_ids_of_several_users_beyond_the_threshold(build: Build) -> None:
    shared = [event(0, MONDAY, user_id="u1"), event(0, MONDAY)]
    marts = build([user(0), user(1)], [*shared, *events(99, MONDAY)])
    assert fired(marts, "event_ids_shared") == [("events", "event_id", 1, 1 / 99)]


@pytest.mark.parametrize(
    ("observed_from", "expected"),
    [
        (None, [("users", "created_at", 2, 2 / 3)]),
        (MONDAY + MOMENT, [("users", "created_at", 1, 1 / 3)]),
        (MONDAY + DAY + MOMENT, []),
    ],
)
def test_users_who_signed_up_before_anything_was_recorded(
    build: Build, observed_from: datetime | None, expected: list
) -> None:
    rows = [user(number, MONDAY + number * DAY) for number in range(3)]
    variables = {"observed_from": observed_from and str(observed_from)}
    marts = build(rows, [event(0, MONDAY + 2 * DAY)], variables)
    assert fired(marts, "signups_before_first_event") == expected


def test_many_signups_on_one_date(build: Build) -> None:
    others = [user(number, MONDAY + number * DAY) for number in range(1, 77)]
    assert fired(build([*others, *(user(1000 + n) for n in range(24))]), "signups_on_one_date") == [
        ("users", "2024-01-01", 24, 0.24)
    ]


@pytest.mark.parametrize(("daily_count", "is_said"), [(100, False), (101, True)])
def test_one_event_long_after_all_others(build: Build, daily_count: int, is_said: bool) -> None:
    rows = [
        event(1000 * day + number, MONDAY + day * DAY)
        for day in range(15)
        for number in range(daily_count)
    ]
    # The newest is of the 16th date after the others: no silence of 28 dates.
    marts = build([user(0)], [*rows, event(99_999, MONDAY + 30 * DAY)])
    expected = [("events", "observed_until_at", 1, 1 / 101)] if is_said else []
    assert fired(marts, "newest_instant_alone") == expected


@pytest.mark.parametrize(
    ("silent_days", "newest_count", "others", "is_said"),
    [
        (28, 2, [], True),
        (27, 2, [], False),
        # As many as on a usual day: use has begun again.
        (28, 3, [], False),
        # Exactly 24 hours before the newest, on a date that is silent but for it.
        (28, 2, [MONDAY + 43 * DAY], False),
    ],
)
def test_few_events_after_a_silence(
    build: Build, silent_days: int, newest_count: int, others: list, is_said: bool
) -> None:
    """Days 0 to 14 have 3 events each; the hours begin silent_days dates later, at noon."""
    rows = [event(10 * day + n, MONDAY + day * DAY) for day in range(15) for n in range(3)]
    newest = MONDAY + (14 + silent_days + 2) * DAY
    rows += [event(1000 + number, newest) for number in range(newest_count)]
    rows += [event(2000 + number, instant) for number, instant in enumerate(others)]
    marts = build([user(0)], rows)
    expected = [("events", "observed_until_at", newest_count, newest_count / 3)] if is_said else []
    assert fired(marts, "newest_instant_alone") == expected


def test_definitions_that_match_nothing(build: Build) -> None:
    marts = build(
        [user(0, plan_tier="Enterprise")],
        [event(0, MONDAY, "invite_sent"), event(1, MONDAY, user_id="9")],
        event_catalog="user_signup,false\nuser_signup,\nUser Signup,false\n",
        pql_signals="enterprise,,plan_tier,enterprise,10,1\nother,,plan_tier,team,1,\n",
        excluded_users="9.0,seen\nbot@example.org,\n",
    )
    assert fired(marts, "definition_matches_nothing") == [
        ("event_catalog", "User Signup", 0, None),
        ("event_catalog", "user_signup", 0, None),
        ("excluded_users", "bot@example.org", 0, None),
        ("milestones", "api_call_success", 0, None),
        ("milestones", "document_created", 0, None),
        ("milestones", "task_completed", 0, None),
        ("pql_signals", "plan_tier = team", 0, None),
    ]


def test_invitees_outside_the_window(build: Build) -> None:
    lags = (timedelta(0), 30 * DAY, -MOMENT)
    invitees = [
        user(number, MONDAY + lag, invited_by="u0") for number, lag in enumerate(lags, start=1)
    ]
    marts = build([user(0), *invitees, user(9, invited_by="stranger"), user(8, invited_by="u8")])
    assert fired(marts, "invited_outside_window") == [("users", "invited_by", 2, 2 / 3)]
    assert {row["user_id"]: row["invited_signup_count"] for row in marts["users"]}["u0"] == 3


MILESTONES = """\
a1,,0.7,7d,e,1,a,true,true,,3,7
a2,,0.1,7d,e,2,a,false,,1,,
b1,,0.2,7d,never,1,B,true,,1,,
"""


def test_days_of_use_in_a_build(build: Build) -> None:
    """As Relax counts its adopted users: three days in seven, whenever they are."""
    used = {
        "three": (0, 1, 6),
        "apart": (0, 1, 7),
        "late": (0, 8, 10, 14),
        "twice": (0, 0, 1),
        "idle": (),
    }
    rows = [
        event(number * 100 + day, MONDAY + day * DAY, user_id=user_id)
        for number, (user_id, days) in enumerate(used.items())
        for day in days
    ]
    marts = build([{"user_id": u, "created_at": MONDAY} for u in used], rows, milestones=MILESTONES)
    people = {row["user_id"]: row for row in marts["users"]}
    assert {u: row["first_value_at"] for u, row in people.items()} == {
        "three": MONDAY + 6 * DAY,
        "apart": None,
        "late": MONDAY + 14 * DAY,
        "twice": None,
        "idle": None,
    }
    assert {u: row["is_activated"] for u, row in people.items()}["late"] is False
    # The path with most completed milestones decides; what is reached late is no next step.
    assert {u: row["next_milestone_id"] for u, row in people.items()} == {
        "three": None,
        "apart": "a1",
        "late": None,
        "twice": "a1",
        # Of two paths without a completed milestone, the smaller in byte order.
        "idle": "b1",
    }
    assert fired(marts, "pql_is_activation") == [("pql_bands", "a", 1, None)]
    assert fired(marts, "weights_not_one") == []


def test_what_is_not_measured_is_null(build: Build) -> None:
    marts = build([user(0), user(1, MONDAY + 200 * DAY)], [event(0, MONDAY)])
    (row,) = (
        row
        for row in marts["viral_coefficient_by_cohort"]
        if (row["cohort_grain"], row["segment_type"]) == ("all", "all")
    )
    assert (row["cohort_user_count"], row["k_factor"], row["invited_signup_count"]) == (
        1,
        None,
        None,
    )
    statuses = {row["metric_id"]: row["status"] for row in marts["kpi_scorecard"]}
    assert statuses == {
        "activation_rate": "not_measured",
        "milestone_completion_rate": "not_measured",
        "milestone_velocity": "not_measured",
        "milestone_cohort_conversion": "not_measured",
        "viral_coefficient": "not_measured",
        "time_to_first_value": "unknown",
        "pql_conversion_rate": "unknown",
    }


def test_who_signed_up_before_observed_from_is_not_eligible(build: Build) -> None:
    marts = build(
        [user(0), user(1, MONDAY + DAY)],
        [event(0, MONDAY), event(1, MONDAY + 60 * DAY, user_id="u1")],
        {"observed_from": "2024-01-02T12:00:00Z"},
    )
    everybody = {"cohort_grain": "all", "segment_type": "all"}

    def only(mart_name: str, **cell: object) -> Row:
        (row,) = (r for r in marts[mart_name] if (everybody | cell).items() <= r.items())
        return row

    assert only("activation_by_cohort", window_days=7)["signup_count"] == 2
    assert only("activation_by_cohort", window_days=7)["eligible_user_count"] == 1
    day_0 = only("retention_by_cohort", cohort_anchor="signup", period_grain="day", period_number=0)
    assert (day_0["cohort_user_count"], day_0["eligible_user_count"]) == (2, 1)
    assert day_0["retained_user_count"] == 0
    assert only("viral_coefficient_by_cohort")["cohort_user_count"] == 1
    (first_day,) = (
        row
        for row in marts["time_to_first_value_curve"]
        if row["segment_type"] == "all" and row["day_number"] == 0
    )
    assert first_day["at_risk_count"] == 1
    assert sum(row["dau"] for row in marts["active_users_by_day"] if row["segment_type"] == "all")


def test_retention_in_every_grain(build: Build) -> None:
    marts = build(
        [user(0), user(1, MONDAY + 30 * DAY)],
        [
            event(0, MONDAY + 5 * DAY),
            event(1, MONDAY + 90 * DAY),
            event(2, MONDAY + 37 * DAY, user_id="u1"),
            # The end: of u1, 60 dates lie before it.
            event(3, MONDAY + 90 * DAY, user_id="u1"),
        ],
        {
            "retention_days": -1,
            "retention_weeks": 1,
            "retention_months": 2,
            "retention_brackets": [[5, 7], [7, 60], [0, 59]],
            "retention_on_or_after_days": [6, 5],
            "retention_horizon_days": 59,
        },
    )
    counts = {
        (
            row["period_grain"],
            row["period_number"],
            row["period_start_day"],
            row["period_end_day"],
        ): (
            row["eligible_user_count"],
            row["retained_user_count"],
        )
        for row in marts["retention_by_cohort"]
        if (row["cohort_grain"], row["segment_type"]) == ("all", "all")
    }
    assert counts == {
        ("week", 0, 0, 6): (2, 1),
        ("week", 1, 7, 13): (2, 1),
        ("month", 0, 0, 29): (2, 2),
        ("month", 1, 30, 59): (2, 0),
        ("month", 2, 60, 89): (1, 0),
        ("bracket", 1, 5, 7): (2, 2),
        ("bracket", 2, 7, 60): (1, 0),
        ("bracket", 3, 0, 59): (2, 2),
        ("on_or_after", 6, 6, 59): (2, 1),
        ("on_or_after", 5, 5, 59): (2, 2),
    }
