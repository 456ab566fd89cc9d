"""The marts find what the simulator planted: a sample with known truth, built once, then compared.

About 200 intervals are looked at, so at 95 % each some ten would miss by chance alone. Two checks:

* Every planted value lies in its interval widened as Bonferroni says: with z for 1 - 0.05 / (2 n),
  where n is the number of intervals, a correct project fails with less than 5 % of all seeds. The
  seed is fixed, so the test is not flaky.
* Of the marts' own 95 % intervals, those that miss are no more than chance explains.

That the first can fail is tested too: a quantity planted 10 % wrong is noticed.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator.generate import generate
from simulator.law import CHANNELS, INVITATIONS
from simulator.truth import PlantedTruth, first_value_quantile
from tests.harness import build, query
from tests.simulator.behaviour import (
    behaviour_checks,
    dependence_row,
    friction_row,
    segment_row,
)
from tests.simulator.checks import Check, bonferroni_z, misses, normal, wilson

pytestmark = pytest.mark.long

RETENTION_DAYS = (0, 1, 2, 3, 7, 14, 21, 30)
# all, acquisition_type and install_source; a mart row's segment is its value, unique among these.
SEGMENTS = {"all", "new", "invited"} | {channel.segment for channel in CHANNELS}


def rows(database: Path, mart: str, condition: str = "true") -> list[dict[str, Any]]:
    """The rows of all time of a mart, of the segments that have a planted value."""
    found = query(
        database,
        f"""
        select *
        from marts.{mart}
        where cohort_grain = 'all'
            and segment_type in ('all', 'acquisition_type', 'install_source')
            and {condition}
        """,
    )
    return [row for row in found if row["segment_value"] in SEGMENTS]


def rate_check(quantity: str, label: str, planted: float, row: dict[str, Any], names: str) -> Check:
    """A check of a rate by its counts; names: numerator, denominator and rate."""
    numerator, denominator, rate = names.split()
    return Check(
        quantity,
        f"{label} {row['segment_value']}",
        planted,
        wilson(row[numerator], row[denominator]),
        (row[f"{rate}_ci_lower"], row[f"{rate}_ci_upper"]),
    )


def variances(
    row: dict[str, Any], eligible: dict[str, int], truth: PlantedTruth
) -> tuple[float, float]:
    """Variance of a member's invitations and of its invited signups, from the planted law."""
    mean_size = sum(n * share for n, share in INVITATIONS.items())
    mean_square = sum(n * n * share for n, share in INVITATIONS.items())
    members = [
        channel
        for channel in CHANNELS
        if row["segment_value"] in ("all", channel.segment)
        or row["segment_value"] == ("invited" if channel.segment == "referral" else "new")
    ]
    invitations = signups = 0.0
    for channel in members:
        inviting, a = truth.inviting_user_rate[channel.segment], channel.acceptance
        i, k = inviting * mean_size, inviting * mean_size * a
        weight = eligible.get(channel.segment, 0) / row["cohort_user_count"]
        invitations += weight * (inviting * mean_square - i**2)
        signups += weight * (inviting * (mean_size * a * (1 - a) + mean_square * a**2) - k**2)
    return invitations, signups


def checks(database: Path, truth: PlantedTruth) -> list[Check]:
    """Every planted value beside the mart's row that estimates it."""
    found: list[Check] = []

    for row in rows(database, "activation_by_cohort"):
        planted = truth.activation_rate[row["window_days"]][row["segment_value"]]
        names = "activated_user_count eligible_user_count activation_rate"
        label = f"within {row['window_days']} days,"
        found.append(rate_check("activation_rate", label, planted, row, names))

    for row in rows(database, "milestone_completion_by_cohort"):
        planted = truth.milestone_completion_rate[row["milestone_id"]][row["segment_value"]]
        names = "completed_user_count eligible_user_count completion_rate"
        label = row["milestone_id"]
        found.append(rate_check("milestone_completion_rate", label, planted, row, names))

    for row in rows(database, "time_to_first_value_by_cohort"):
        segment = row["segment_value"]
        names = "reached_user_count eligible_user_count reached_rate"
        planted = truth.reached_rate[segment]
        found.append(rate_check("reached_rate", "first value", planted, row, names))
        median = row["median_time_to_first_value_seconds"]
        found.append(
            Check(
                "median_time_to_first_value_seconds",
                f"median of {segment}",
                truth.median_time_to_first_value_seconds[segment],
                median_interval(median, row["reached_user_count"], segment),
            )
        )

    day_rows = "cohort_anchor = 'signup' and period_grain = 'day' and period_number in "
    for row in rows(database, "retention_by_cohort", day_rows + str(RETENTION_DAYS)):
        planted = truth.retention_rate[row["period_number"]][row["segment_value"]]
        names = "retained_user_count eligible_user_count retention_rate"
        label = f"day {row['period_number']},"
        found.append(rate_check("retention_rate", label, planted, row, names))

    viral = rows(database, "viral_coefficient_by_cohort")
    eligible = {row["segment_value"]: row["cohort_user_count"] for row in viral}
    for row in viral:
        segment, members = row["segment_value"], row["cohort_user_count"]
        invitation_variance, signup_variance = variances(row, eligible, truth)
        intervals = {
            "inviting_user_rate": wilson(row["inviting_user_count"], members),
            "invitations_per_user": normal(
                row["invitations_per_user"], math.sqrt(invitation_variance / members)
            ),
            "invitation_conversion_rate": wilson(
                row["invited_signup_count"], row["invitation_count"]
            ),
            "k_factor": normal(row["k_factor"], math.sqrt(signup_variance / members)),
        }
        for quantity, interval in intervals.items():
            found.append(Check(quantity, segment, getattr(truth, quantity)[segment], interval))

    return found


def median_interval(
    median: float, reached: int, segment: str
) -> Callable[[float], tuple[float, float]]:
    """The interval of a median. The planted share of users up to the sample's median is 1/2 with a
    deviation of 1 / (2 sqrt(n)); the planted distribution turns that into seconds. The channels'
    weights are rough here, since they only set the width."""
    weights = {
        number: channel.weight or 0.5
        for number, channel in enumerate(CHANNELS)
        if segment in ("all", channel.segment)
        or segment == ("invited" if channel.segment == "referral" else "new")
    }
    center = first_value_quantile(weights, 0.5)

    def interval(z: float) -> tuple[float, float]:
        half = z / (2 * math.sqrt(reached))
        below = center - first_value_quantile(weights, 0.5 - half)
        above = first_value_quantile(weights, 0.5 + half) - center
        return median - above, median + below

    return interval


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlantedTruth]:
    """A sample of 40,000 users, built: the DuckDB file and the truth."""
    raw_dir = tmp_path_factory.mktemp("planted_raw")
    truth = generate(raw_dir, users=40_000, days=150, seed=11)
    return build(raw_dir=raw_dir, workdir=tmp_path_factory.mktemp("planted_build")), truth


def test_every_planted_value_lies_in_its_widened_interval(planted):
    found = checks(*planted)
    # Windows, milestones, rate and median of first value, days, viral measures.
    assert len(found) == (4 + 4 + 2 + len(RETENTION_DAYS) + 4) * len(SEGMENTS)
    z = bonferroni_z(len(found))
    assert misses(found) == [], [
        (check.quantity, check.label, check.planted, check.interval(z)) for check in misses(found)
    ]


def test_published_intervals_miss_no_more_than_chance_explains(planted):
    """Of channels only, which are nearly independent of each other. The bound is the mean of a
    binomial with 5 % and three deviations, so exceeded in a few of a thousand seeds."""
    channels = {channel.segment for channel in CHANNELS}
    found = [
        check
        for check in checks(*planted)
        if check.published and check.label.split()[-1] in channels
    ]
    assert len(found) == 17 * len(channels)
    missed = [
        check.label
        for check in found
        if not check.published[0] <= check.planted <= check.published[1]
    ]
    assert len(missed) <= 0.05 * len(found) + 3 * math.sqrt(0.05 * 0.95 * len(found)), missed


def shifted_by(factor: float) -> Callable[[Any], Any]:
    """What multiplies every value in dictionaries and tuples."""

    def shifted(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shifted(inner) for key, inner in value.items()}
        return tuple(map(shifted, value)) if isinstance(value, tuple) else value * factor

    return shifted


@pytest.mark.parametrize("factor", [0.9, 1.1])
@pytest.mark.parametrize(
    "quantity",
    [
        "activation_rate",
        "milestone_completion_rate",
        "reached_rate",
        "median_time_to_first_value_seconds",
        "retention_rate",
        "inviting_user_rate",
        "invitations_per_user",
        "invitation_conversion_rate",
        "k_factor",
    ],
)
def test_a_planted_value_wrong_by_ten_percent_is_noticed(planted, quantity, factor):
    wrong = replace(planted[1], **{quantity: shifted_by(factor)(getattr(planted[1], quantity))})
    # inviting_user_rate also enters the deviation of other quantities: the miss must be its own.
    assert quantity in {check.quantity for check in misses(checks(planted[0], wrong))}


def test_every_planted_behaviour_lies_in_its_widened_interval(planted):
    database, truth = planted
    found = behaviour_checks(database, truth.behaviour)
    # Errors and clicks, upgrades, hazards, week 4, ordered pairs of milestones.
    assert len(found) == 4 + (2 + 5) + 2 + 2 + 2 * 12
    z = bonferroni_z(len(found))
    assert misses(found) == [], [
        (check.quantity, check.label, check.planted, check.interval(z)) for check in misses(found)
    ]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize(
    "quantity",
    [
        "error_share",
        "rage_click_share",
        "upgrade_conversion_rate",
        "subscription_rate",
        "hazard_ratio",
        "week_four_retention_rate",
        "milestone_dependence",
    ],
)
def test_a_planted_behaviour_wrong_by_twenty_percent_is_noticed(planted, quantity, factor):
    database, truth = planted
    value = shifted_by(factor)(getattr(truth.behaviour, quantity))
    wrong = replace(truth.behaviour, **{quantity: value})
    assert {check.quantity for check in misses(behaviour_checks(database, wrong))} == {quantity}


def test_an_error_halves_the_share_that_invites(planted):
    database, _ = planted
    error = friction_row(database, "error_shown", 4)
    with_error, without = (
        error[f"conversion_{which}_friction_rate"] for which in ("with", "without")
    )
    assert 0.28 < error["friction_user_rate"] < 0.32
    assert 0.45 < with_error / without < 0.55
    assert error["verdict"] == "hinders"
    for step in (4, 5):
        assert friction_row(database, "rage_click", step)["verdict"] == "no_difference_shown"


def test_the_document_is_recommended_before_whatever_goes_with_logins(planted):
    found = query(
        planted[0],
        """
        select event_name, window_days, min_count, candidate_rank, is_recommended
        from marts.activation_event_candidates
        where sample_name = 'train' and candidate_rank is not null
        order by candidate_rank
        """,
    )
    assert [tuple(row.values()) for row in found if row["is_recommended"]] == [
        ("document_created", 7, 1, 1, True)
    ]
    # They are candidates: without the order by phi, they would be recommended.
    assert {"user_login", "dashboard_opened", "invite_sent"} <= {row["event_name"] for row in found}


def test_the_first_milestone_makes_the_second_likelier_but_not_the_reverse(planted):
    verdicts = [
        dependence_row(planted[0], *pair)["verdict"] for pair in (("m1", "m2"), ("m2", "m1"))
    ]
    assert verdicts == ["likelier", "no_difference_shown"]


def test_invited_users_are_told_from_the_others(planted):
    invited = segment_row(planted[0], "time_to_first_value", "invited")
    assert 1.4 < planted[1].behaviour.hazard_ratio["invited"] < 1.6
    assert (invited["is_material"], invited["verdict"]) == (True, "above")
    assert segment_row(planted[0], "time_to_first_value", "organic")["is_material"] is False


def test_removed_rows_are_exactly_the_planted_dirt(planted):
    database, truth = planted
    sql = "select table_name, rule_name, row_count from marts.data_quality_by_rule"
    found = {
        (row["table_name"], row["rule_name"]): row["row_count"] for row in query(database, sql)
    }
    planted_rows = {
        (table, rule): count
        for table, counts in (
            truth.removed_row_counts | truth.qualification.removed_row_counts
        ).items()
        for rule, count in counts.items()
        if table in {table for table, _ in found}
    }
    assert found == dict.fromkeys(found, 0) | planted_rows


def test_every_clean_user_is_a_signup(planted):
    database, truth = planted
    everybody = rows(database, "time_to_first_value_by_cohort", "segment_type = 'all'")
    assert [row["signup_count"] for row in everybody] == [truth.user_count]
