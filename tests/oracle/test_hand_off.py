"""The oracle of hand-offs at their boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.oracle.definitions import Band
from tests.oracle.lead_scores import with_leads
from tests.oracle.small_leads import BANDS, SEEDS, did, history, leads, march, subscription
from tests.oracle.small_world import DAY, MOMENT, Compute, user

PAID = ("paid_feature_used", "user_signup")


def paid(user_id: str, instant) -> list:
    """What makes 51 points: the entry bound."""
    return did(user_id, *((name, instant) for name in PAID))


@pytest.mark.parametrize(
    ("exit_bound", "expected"),
    [
        ("21", [False, True, True, True, False, False]),
        (None, [False, True, False, False] + [False] * 2),
    ],
)
def test_a_score_on_the_exit_bound_stays(exit_bound: str | None, expected: list[bool]) -> None:
    scores = [Decimal(text) for text in ("50.9999", "51", "50.9999", "21", "20.9999", "50")]
    days = [(date(2024, 3, 1 + number), score) for number, score in enumerate(scores)]
    band = Band("handoff", Decimal(51), None, True, exit_bound and Decimal(exit_bound))
    assert [scored.is_lead for scored in with_leads(days, band)] == expected
    assert not any(scored.is_lead for scored in with_leads(days, None))


@pytest.mark.parametrize(("window", "status"), [(7, "expired"), (8, "withdrawn")])
def test_who_leaves_as_the_window_ends_was_there(
    marts_of: Compute, window: int, status: str
) -> None:
    """Handed off on 5 March; from 12 March on, the points are half of 51."""
    marts = marts_of(
        users=[user("a", march(4))],
        events=paid("a", march(4)),
        variables={"observed_until": "2024-04-30", "conversion_window_days": window},
        seeds=SEEDS | {"pql_bands": BANDS.replace("true,21", "true,41")},
    )
    assert [(r["valid_from_date"].day, r["is_lead"]) for r in history(marts, "a")] == [
        (5, True),
        (12, False),
    ]
    lead = leads(marts)["a"]
    assert (lead["status"], lead["status_date"]) == (status, date(2024, 3, 12))


@pytest.mark.parametrize(("signup_days", "is_handed_off"), [(3, False), (4, True)])
def test_a_hand_off_comes_in_the_first_days(
    marts_of: Compute, signup_days: int, is_handed_off: bool
) -> None:
    """Signed up at the midnight of 1 March, a lead at that of 4 March: three days later."""
    marts = marts_of(
        users=[user("a", march(1, 0))],
        events=paid("a", march(3)),
        variables={"observed_until": "2024-04-30", "handoff_signup_days": signup_days},
        seeds=SEEDS,
    )
    assert [row["is_lead"] for row in history(marts, "a")] == [False, True, True]
    assert ("a" in leads(marts)) is is_handed_off


@pytest.mark.parametrize(
    ("shift", "status"),
    [(-MOMENT, None), (timedelta(0), "converted"), (30 * DAY, "converted")],
)
def test_who_has_paid_is_not_handed_off(
    marts_of: Compute, shift: timedelta, status: str | None
) -> None:
    """A lead from 5 March on, and paid a moment before it, at that midnight, or too late."""
    marts = marts_of(
        users=[user("a", march(4))],
        events=paid("a", march(4)),
        subscriptions=[subscription(None, march(5, 0) + shift, 29, user_id="a")],
        variables={"observed_until": "2024-04-30", "reporting_timezone": "America/New_York"},
        seeds=SEEDS,
    )
    lead = leads(marts).get("a")
    assert (lead and lead["status"]) == status
    if lead:
        assert lead["recommended_action"] is None
        # A date of the reporting zone, where it is still the day before.
        assert lead["status_date"] == (march(4) + shift).date()
        week = marts["handoff_outcomes_by_week"][0]
        assert (week["eligible_handoff_count"], week["converted_handoff_count"]) == (1, not shift)


def test_four_weeks_trail(marts_of: Compute) -> None:
    ids = "abcdefg"
    signups = [march(4) + 7 * number * DAY for number in (0, 1, 2, 3, 4, 6)]
    marts = marts_of(
        users=[user(i, at) for i, at in zip(ids, signups, strict=False)],
        events=[row for i, at in zip(ids, signups, strict=False) for row in paid(i, at)],
        subscriptions=[subscription(None, march(6), 29, user_id="a")],
        variables={
            "observed_until": (march(4, 0) + 56 * DAY).isoformat(),
            "conversion_window_days": 7,
            "false_discovery_limit": 0.4,
        },
        seeds=SEEDS,
    )
    weeks = marts["handoff_outcomes_by_week"]
    assert [row["week_start_date"] for row in weeks] == [
        (march(4) + 7 * number * DAY).date() for number in range(8)
    ]
    assert [row["handoff_count"] for row in weeks] == [1, 1, 1, 1, 1, 0, 1, 0]
    trailing = [row["trailing_eligible_handoff_count"] for row in weeks]
    assert trailing == [1, 2, 3, 4, 4, 3, 3, 2]
    converted = [row["trailing_converted_handoff_count"] for row in weeks]
    assert converted == [1, 1, 1, 1, 0, 0, 0, 0]
    # Of 4, all lost: at least 0.51; of 3: 0.44; of 2: 0.34.
    assert [row["is_alert"] for row in weeks] == [False] * 4 + [True, True, True, False]
    assert [row["handoff_conversion_rate"] for row in weeks[:2]] == [1, 0]
    assert weeks[5]["handoff_conversion_rate"] is None


def test_a_user_fits_the_account_from_the_signup_on(marts_of: Compute) -> None:
    signals = "ads,,install_source,ads,10,\npro,,plan_tier,pro,5,\nlogin,user_login,,,1,2\n"
    marts = marts_of(
        users=[
            user("a", march(1), account_id="x", plan_tier="pro"),
            user("b", march(9, 0), account_id="x", install_source="ads"),
            user("c", march(10), account_id="x", install_source="ads"),
        ],
        accounts=[{"account_id": "x", "created_at": "2024-02-28"}],
        events=[*did("a", ("user_login", march(3))), *did("b", ("user_login", march(9, 0)))],
        variables={"observed_until": "2024-03-20"},
        seeds=SEEDS | {"pql_signals": signals},
    )
    found = [(row["valid_from_date"], row["score"]) for row in history(marts, "x")]
    assert found == [
        (date(2024, 2, 29), 0),
        (date(2024, 3, 4), 1),
        # Two logins, the newest of this date.
        (date(2024, 3, 10), 12),
        (date(2024, 3, 17), 11),
    ]


def test_the_first_age_is_the_smallest(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("a", march(1))],
        events=did("a", ("invite_sent", march(3, 0)), ("invite_sent", march(3, 0) + MOMENT)),
        variables={"observed_until": "2024-03-20", "pql_snapshot_days": [9, 1]},
        seeds=SEEDS
        | {
            "propensity_behaviors": "intercept,,,,0\ninvited,,invite_sent,,1\nits,,invite_sent,1,1\n"
        },
    )
    (row,) = history(marts, "a", "propensity")
    # Before the midnight of 3 March nothing was done.
    assert (row["valid_from_date"], row["score"]) == (date(2024, 3, 3), 50)


@pytest.mark.parametrize(
    ("periods", "is_paid"),
    [
        # The period that ends first stays; then the smallest amount.
        ([(None, 0), ("2024-04-01", 29)], True),
        ([(None, 29), ("2024-04-01", 0)], False),
        ([(None, 29), (None, 0)], False),
    ],
)
def test_of_two_rows_of_a_period_one_stays(
    marts_of: Compute, periods: list[tuple[str | None, int]], is_paid: bool
) -> None:
    rows = [subscription("x", march(2), amount, ended_at=end) for end, amount in periods]
    marts = marts_of(
        users=[user("a", march(1), account_id="x"), user("b", march(1), account_id="y")],
        events=paid("a", march(1)),
        subscriptions=[*rows, subscription("y", march(2), 29)],
        variables={"observed_until": "2024-04-30"},
        seeds=SEEDS,
    )
    assert (leads(marts)["a"]["status"] == "converted") is is_paid
