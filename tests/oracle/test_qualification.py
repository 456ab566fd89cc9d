"""The oracle of leads on the examples of the definitions, each computed apart."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle.arithmetic import rate_with_interval
from tests.oracle.early_behavior import Cells
from tests.oracle.lead_scores import propensity
from tests.oracle.lead_units import first_midnight_from, split_date
from tests.oracle.population import Variables
from tests.oracle.separation import (
    auc_interval,
    auc_of,
    brier,
    brier_skill,
    counts_by_bin,
    deciles,
    drift,
    lowest_scores,
)
from tests.oracle.small_leads import (
    BANDS,
    SEEDS,
    did,
    history,
    leads,
    march,
    subscription,
)
from tests.oracle.small_world import DAY, Compute, user


def decimals(*numbers: float) -> list[Decimal]:
    return [Decimal(str(number)) for number in numbers]


# Scores


EVENTS_OF_A = did(
    "a",
    ("user_signup", march(1, 10)),
    ("user_login", march(1, 10, 5)),
    ("invite_sent", march(2)),
    ("paid_feature_used", march(4)),
    ("user_login", march(6)),
    ("paid_feature_used", march(20)),
)


def marts_of_a(marts_of: Compute, exit_bound: str, observed_until: str):
    return marts_of(
        users=[user("a", march(1, 10))],
        events=EVENTS_OF_A,
        variables={"observed_until": observed_until},
        seeds=SEEDS | {"pql_bands": BANDS.replace("true,21", f"true,{exit_bound}")},
    )


def test_points_rise_and_fade(marts_of: Compute) -> None:
    marts = marts_of_a(marts_of, "21", "2024-04-03T12:00:00")
    rows = history(marts, "a")
    assert [(row["valid_from_date"].day, float(row["score"])) for row in rows] == [
        (2, 3),
        (3, 13),
        (5, 63),
        (9, 62.5),
        (10, 57.5),
        (12, 32.5),
        (14, 31.5),
        (21, 56.5),
        (28, 31.5),
    ]
    assert [row["band"] for row in rows[:4]] == ["nurture", "nurture", "handoff", "handoff"]
    assert rows[2]["normalized_score"] == 70
    assert [row["valid_until_date"] for row in rows] == [
        *(row["valid_from_date"] for row in rows[1:]),
        None,
    ]


def test_a_lead_stays_one_down_to_the_exit_bound(marts_of: Compute) -> None:
    marts = marts_of_a(marts_of, "21", "2024-04-03T23:59:59.999999")
    assert [row["is_lead"] for row in history(marts, "a")] == [False] * 2 + [True] * 7
    lead = leads(marts)["a"]
    assert lead["handoff_id"] == "points/user/a/1"
    assert (lead["status"], lead["status_date"]) == ("open", date(2024, 3, 5))
    assert lead["recommended_action"] == "ae_handoff"
    assert lead["top_signals"] == "paid_feature, first_invite, first_login"
    assert (lead["score_at_handoff"], lead["score"]) == (63, Decimal("31.5"))
    lead = leads(marts_of_a(marts_of, "21", "2024-04-04"))["a"]
    assert (lead["status"], lead["status_date"]) == ("expired", date(2024, 4, 4))
    assert lead["recommended_action"] == "sdr_outreach"


def test_a_lead_leaves_and_comes_back(marts_of: Compute) -> None:
    marts = marts_of_a(marts_of, "41", "2024-04-03T12:00:00")
    days = {row["valid_from_date"].day for row in history(marts, "a") if row["is_lead"]}
    assert days == {5, 9, 10, 21}
    lead = leads(marts)["a"]
    assert (lead["handoff_number"], lead["status"]) == (2, "withdrawn")
    assert (lead["handed_off_date"].day, lead["status_date"].day) == (21, 28)
    assert sum(row["handoff_count"] for row in marts["handoff_outcomes_by_week"]) == 2


def test_an_account_pools_what_its_users_did(marts_of: Compute) -> None:
    names = ("user_signup", "user_login", "onboarding_completed", "invite_sent")
    marts = marts_of(
        users=[
            user("a", march(10), account_id="x"),
            user("b", march(1), account_id="x"),
        ],
        events=[
            *did("a", *((name, march(10)) for name in (*names, "account_reached_ten_users"))),
            *did("b", ("paid_feature_used", march(2)), ("user_login", march(10))),
        ],
        variables={"observed_until": "2024-03-11", "handoff_unit_type": "account"},
        seeds=SEEDS,
    )
    newest = {
        row["unit_id"]: row["score"]
        for row in marts["pql_score_history"]
        if row["is_latest"] and row["scheme"] == "points"
    }
    assert newest == {"a": 38, "b": 27, "x": 63}
    # The account was handed off on 3 March, for its first user.
    lead = leads(marts)["x"]
    assert lead["unit_type"] == "account"
    account_rows = history(marts, "x")
    assert account_rows[-1]["valid_from_date"] == date(2024, 3, 11)


def test_propensity_is_one_number_for_ever(marts_of: Compute) -> None:
    assert propensity(Decimal("-2.3062")) == Decimal("9.0611")
    events = did(
        "a",
        ("invite_sent", march(2)),
        ("document_created", march(3)),
        *(("user_login", march(day)) for day in (4, 5, 8)),
        ("onboarding_completed", march(20)),
    )
    marts = marts_of(
        users=[user("a", march(1, 10))],
        events=events,
        variables={"observed_until": "2024-05-01"},
        seeds=SEEDS,
    )
    (row,) = history(marts, "a", "propensity")
    assert (row["valid_from_date"], row["score"]) == (date(2024, 3, 9), Decimal("9.0611"))
    assert (row["band"], row["is_latest"]) == ("low", True)


# Snapshots


def test_a_snapshot_waits_for_a_midnight() -> None:
    week = timedelta(days=7)
    assert first_midnight_from(march(1, 10) + week) == date(2024, 3, 9)
    assert first_midnight_from(march(1, 0) + week) == date(2024, 3, 8)


@pytest.mark.parametrize(
    ("converted_at", "counts"),
    [(march(8, 23, 59), (0, 0)), (march(9, 0), (1, 1)), (march(9, 0) + 30 * DAY, (1, 0))],
)
def test_who_converts_before_the_midnight_is_not_at_risk(
    marts_of: Compute, converted_at: datetime, counts: tuple[int, int]
) -> None:
    marts = marts_of(
        # The second one makes conversion known.
        users=[user("a", march(1, 10)), user("b", datetime(2023, 1, 1))],
        subscriptions=[
            subscription(None, converted_at, 29, user_id="a"),
            subscription(None, datetime(2023, 1, 2), 29, user_id="b"),
        ],
        variables={"observed_until": "2024-06-01"},
        seeds=SEEDS,
    )
    found = calibration(marts, "user", "points", 7, "all")
    assert (found["eligible_unit_count"], found["converted_unit_count"]) == counts


def calibration(marts, unit_type: str, scheme: str, age: int, snapshot_set: str):
    (found,) = [
        row
        for row in marts["pql_calibration"]
        if (row["unit_type"], row["scheme"], row["snapshot_age_days"], row["snapshot_set"])
        == (unit_type, scheme, age, snapshot_set)
    ]
    return found


def test_two_thirds_of_the_dates_are_earlier() -> None:
    assert split_date([date(2024, 5, 29), date(2024, 1, 9)]) == date(2024, 4, 8)
    assert split_date([]) is None


# Separation


CONVERTED, OTHERS = decimals(60, 30, 30), decimals(51, 30, 12, 0)


def test_auc() -> None:
    found = auc_of(CONVERTED, OTHERS)
    assert found.auc == Fraction(3, 4)
    assert float(found.variance) == pytest.approx(0.041087962962962965, rel=1e-15)
    assert auc_interval(found, 3, 4) == (None, None)
    assert auc_of([], OTHERS) is None
    # All equal: half of each pair, and no variance.
    assert auc_of(decimals(1) * 10, decimals(1) * 10) == (Fraction(1, 2), 0)


def pairs(converted: list[Decimal], others: list[Decimal]) -> list[list[Fraction]]:
    """Of each pair, 1 where the converted unit scores higher, 1/2 where both score the same."""
    return [[Fraction((c > o) - (c < o) + 1, 2) for o in others] for c in converted]


def random_scores(rng: random.Random) -> tuple[list[Decimal], list[Decimal]]:
    draw = [[Decimal(rng.randint(0, 12)) for _ in range(rng.randint(10, 40))] for _ in "ab"]
    return [score + rng.randint(0, 3) for score in draw[0]], draw[1]


@pytest.mark.parametrize("seed", range(8))
def test_auc_and_its_variance_count_pairs(seed: int) -> None:
    converted, others = random_scores(random.Random(seed))
    found = auc_of(converted, others)
    table = pairs(converted, others)
    columns = list(zip(*table, strict=True))
    assert found.auc == sum(map(sum, table)) / (len(converted) * len(others))
    v = [sum(row) / len(others) for row in table]
    w = [sum(column) / len(converted) for column in columns]
    # DeLong: the covariance of what pairs share, by its own definition.
    s_v = sum((a - b) ** 2 for a in v for b in v) / (2 * len(v) * (len(v) - 1))
    s_w = sum((a - b) ** 2 for a in w for b in w) / (2 * len(w) * (len(w) - 1))
    assert found.variance == s_v / len(v) + s_w / len(w)
    lower, upper = auc_interval(found, len(converted), len(others))
    assert 0 <= lower < found.auc < upper <= 1


@pytest.mark.parametrize("seed", range(4))
def test_auc_brier_and_drift_are_those_of_other_libraries(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = random.Random(seed)
    converted, others = random_scores(rng)
    outcomes = [True] * len(converted) + [False] * len(others)
    scores = [*converted, *others]
    assert float(auc_of(converted, others).auc) == pytest.approx(
        metrics.roc_auc_score(outcomes, [float(score) for score in scores]), rel=1e-12
    )
    assert float(brier(scores, outcomes)) == pytest.approx(
        metrics.brier_score_loss(outcomes, [float(score) / 100 for score in scores]), rel=1e-12
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_tail_of_drift_is_that_of_scipy(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = random.Random(seed)
    week, reference = ([rng.randint(0, 60) for _ in range(3 + seed)] for _ in "ab")
    found = drift(week, reference)
    w, r = ([(n + 0.5) / (sum(counts) + 0.5 * len(counts)) for n in counts]
            for counts in (week, reference))  # fmt: skip
    # Twice the mean of two relative entropies, each from scipy.
    assert found.psi == pytest.approx(stats.entropy(w, r) + stats.entropy(r, w), rel=1e-12)
    statistic = found.psi / (1 / sum(week) + 1 / sum(reference))
    expected = stats.chi2.sf(statistic, len(week) - 1)
    assert found.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_equal_scores_stay_in_one_decile() -> None:
    scores = decimals(60, 51, 30, 30, 30, 12, 0)
    assert deciles(scores) == [1, 2, 3, 3, 3, 8, 9]
    lowest = lowest_scores(scores)
    assert lowest == decimals(0, 12, 30, 51, 60)
    assert counts_by_bin(decimals(-5, 0, 11, 12, 99), lowest) == [3, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("week", "psi", "p_value", "status"),
    [
        ((20, 20, 10), 0.175517185698881, 0.0536493230266145, "stable"),
        ((10, 20, 20), 0.845150343500248, 7.631287650726547e-7, "major"),
    ],
)
def test_drift(week: tuple[int, ...], psi: float, p_value: float, status: str) -> None:
    found = drift(week, (60, 30, 10))
    assert found == (pytest.approx(psi, rel=1e-13), pytest.approx(p_value, rel=1e-12))
    assert found.status == status


def test_brier_and_its_skill() -> None:
    found = brier(decimals(30, 10, 10, 2), [True, False, True, False])
    assert found == Fraction("0.3276")
    assert brier_skill(found, 2, 4) == Fraction("-0.3104")
    assert brier_skill(found, 4, 4) is None


def test_odds_of_a_behaviour() -> None:
    row = Cells(12, 28, 10, 150).columns(Variables())
    assert row["done_rate"] == 0.3
    assert row["other_rate"] == 0.0625
    assert row["lift"] == pytest.approx(2.727272727272727, rel=1e-15)
    assert row["odds_ratio"] == pytest.approx(6.286549707602339, rel=1e-14)
    assert row["odds_ratio_ci_lower"] == pytest.approx(2.5230278359684624, rel=1e-13)
    assert row["odds_ratio_ci_upper"] == pytest.approx(15.66399968432574, rel=1e-13)
    assert row["is_predictive"]
    row = Cells(0, 0, 10, 150).columns(Variables())
    assert row["odds_ratio"] is row["odds_ratio_ci_lower"] is row["lift"] is None
    assert not row["is_predictive"]


@pytest.mark.parametrize(
    ("lost", "lower", "is_alert"), [(27, 0.7437891742081593, False), (28, 0.7867654163738308, True)]
)
def test_an_alert_needs_more_than_bad_luck(lost: int, lower: float, is_alert: bool) -> None:
    found = rate_with_interval("rate", lost, 30)["rate_ci_lower"]
    assert found == pytest.approx(lower, rel=1e-14)
    assert (found > Variables().false_discovery_limit) is is_alert


# Conversion


def test_without_an_input_nobody_is_said_to_convert(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("a", march(1, 10), account_id="x")],
        events=EVENTS_OF_A,
        variables={"observed_until": "2024-09-01"},
        seeds=SEEDS,
    )
    assert {row["eligible_unit_count"] for row in marts["pql_calibration"]} == {0}
    assert {row["conversion_rate"] for row in marts["pql_calibration"]} == {None}
    assert len(marts["pql_calibration"]) == 2 * 3 * 3 * 3
    assert history(marts, "a")
    assert leads(marts)["a"]["status"] == "expired"
    cohorts = [
        row
        for row in marts["pql_rate_by_cohort"]
        if (row["cohort_grain"], row["segment_type"], row["scheme"]) == ("all", "all", "points")
    ]
    assert [(row["unit_type"], row["pql_rate"], row["median_days_to_pql"]) for row in cohorts] == [
        ("user", 1, 4),
        ("account", 1, 4),
    ]


def test_a_bill_is_that_of_the_account_it_names(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("a", march(1), account_id="x"), user("b", march(1), account_id="y")],
        events=did("b", ("subscription_started", march(9, 1))),
        subscriptions=[subscription("x", march(10), "29", user_id="b")],
        variables={"observed_until": "2024-06-01"},
        seeds=SEEDS,
    )
    for unit_type in ("user", "account"):
        found = calibration(marts, unit_type, "points", 7, "all")
        assert (found["eligible_unit_count"], found["converted_unit_count"]) == (2, 1)


def test_the_event_converts_where_no_bill_is_above_zero(marts_of: Compute) -> None:
    tables = {
        "users": [user("a", march(1), account_id="x"), user("b", march(1))],
        "events": did("b", ("subscription_started", march(10, 1))),
        "subscriptions": [subscription("x", march(10), "0.004")],
    }
    variables = {"observed_until": "2024-06-01"}
    found = calibration(
        marts_of(**tables, variables=variables, seeds=SEEDS), "user", "points", 7, "all"
    )
    assert (found["eligible_unit_count"], found["converted_unit_count"]) == (2, 1)
    # A stranger's bill turns the event off: nobody is known to pay.
    tables["subscriptions"] = [subscription("z", march(10), "0.005")]
    found = calibration(
        marts_of(**tables, variables=variables, seeds=SEEDS), "user", "points", 7, "all"
    )
    assert found["eligible_unit_count"] == 0
