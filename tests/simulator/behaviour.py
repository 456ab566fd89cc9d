"""What is planted beside the rates, beside the rows of the marts that estimate it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.truth_of_behaviour import PlantedBehaviour
from tests.harness import query
from tests.simulator.checks import Check, normal, wilson

PAID = {
    "pro": "paid",
    "team": "paid",
    "enterprise": "paid",
    "free": "not_paid",
    "unknown": "not_paid",
}


def row(database: Path, mart: str, condition: str) -> dict[str, Any]:
    """The one row of a mart for which the condition holds."""
    (found,) = query(database, f"select * from marts.{mart} where {condition}")
    return found


def behaviour_checks(database: Path, planted: PlantedBehaviour) -> list[Check]:
    """Every planted value beside the rows that estimate it."""
    return [
        *_friction(database, planted),
        *_upgrades(database, planted),
        *_hazards(database, planted),
        *_week_four(database, planted),
        *_dependence(database, planted),
    ]


def friction_row(database: Path, event_name: str, step_number: int) -> dict[str, Any]:
    """The friction beside a step of the activation funnel."""
    condition = f"funnel_id = 'activation' and step_number = {step_number}"
    return row(database, "friction_by_funnel_step", f"{condition} and event_name = '{event_name}'")


def _friction(database: Path, planted: PlantedBehaviour) -> list[Check]:
    error = friction_row(database, "error_shown", 4)
    reached = (
        error["reached_with_friction_user_count"] + error["reached_without_friction_user_count"]
    )
    failed = error["friction_user_count"] - error["reached_with_friction_user_count"]
    clicks = {
        "after_login": friction_row(database, "rage_click", 4),
        "after_invite": friction_row(database, "rage_click", 5),
    }
    return [
        Check(
            "error_share",
            "of those who go on to invite",
            planted.error_share["inviting"],
            wilson(error["reached_with_friction_user_count"], reached),
        ),
        Check(
            "error_share",
            "of those who do not",
            planted.error_share["not_inviting"],
            wilson(failed, error["at_step_user_count"] - reached),
        ),
        *(
            Check(
                "rage_click_share",
                place,
                planted.rage_click_share[place],
                wilson(found["friction_user_count"], found["at_step_user_count"]),
            )
            for place, found in clicks.items()
        ),
    ]


def _upgrades(database: Path, planted: PlantedBehaviour) -> list[Check]:
    def step(number: int, segment: str) -> dict[str, Any]:
        return row(
            database,
            "funnel_conversion_by_cohort",
            f"funnel_id = 'upgrade' and step_number = {number} and cohort_grain = 'all' and {segment}",
        )

    def check(quantity: str, label: str, value: float, found: dict[str, Any]) -> Check:
        return Check(
            quantity,
            label,
            value,
            wilson(found["reached_user_count"], found["previous_user_count"]),
        )

    return [
        *(
            check("upgrade_conversion_rate", name, value, step(number, "segment_type = 'all'"))
            for number, (name, value) in enumerate(planted.upgrade_conversion_rate.items(), start=2)
        ),
        *(
            check(
                "subscription_rate",
                tier,
                planted.subscription_rate[kind],
                step(4, f"segment_type = 'plan_tier' and segment_value = '{tier}'"),
            )
            for tier, kind in PAID.items()
        ),
    ]


def segment_row(database: Path, metric_id: str, segment_value: str) -> dict[str, Any]:
    """The test of a segment against all others."""
    return row(
        database,
        "segment_tests",
        f"metric_id = '{metric_id}' and segment_value = '{segment_value}' "
        "and comparison = 'one_value' and segment_type in ('acquisition_type', 'install_source')",
    )


def _hazards(database: Path, planted: PlantedBehaviour) -> list[Check]:
    def interval(found: dict[str, Any]) -> Callable[[float], tuple[float, float]]:
        center, upper = (math.log(found[f"hazard_ratio{end}"]) for end in ("", "_ci_upper"))
        error = (upper - center) / 1.959963984540054

        def bounds(z: float) -> tuple[float, float]:
            lower, upper = normal(center, error)(z)
            return math.exp(lower), math.exp(upper)

        return bounds

    return [
        Check(
            "hazard_ratio",
            segment,
            value,
            interval(segment_row(database, "time_to_first_value", segment)),
        )
        for segment, value in planted.hazard_ratio.items()
    ]


def _week_four(database: Path, planted: PlantedBehaviour) -> list[Check]:
    (found,) = query(
        database,
        """
        select
            cast(sum(user_count) as bigint) as users,
            cast(sum(done_user_count) as bigint) as done,
            cast(sum(retained_user_count) as bigint) as retained,
            cast(sum(done_retained_user_count) as bigint) as done_retained
        from marts.activation_event_candidates
        where event_name = 'document_created' and window_days = 7 and min_count = 1
        """,
    )
    counts = {
        "document_in_week_one": (found["done_retained"], found["done"]),
        "none_in_week_one": (
            found["retained"] - found["done_retained"],
            found["users"] - found["done"],
        ),
    }
    return [
        Check(
            "week_four_retention_rate",
            label,
            planted.week_four_retention_rate[label],
            wilson(*pair),
        )
        for label, pair in counts.items()
    ]


def dependence_row(database: Path, milestone_id: str, next_milestone_id: str) -> dict[str, Any]:
    """How likely a milestone is after another one, and without it."""
    condition = f"milestone_id = '{milestone_id}' and next_milestone_id = '{next_milestone_id}'"
    return row(database, "milestone_dependence", condition)


def _dependence(database: Path, planted: PlantedBehaviour) -> list[Check]:
    found = []
    for milestone, others in planted.milestone_dependence.items():
        for other, (if_done, if_not) in others.items():
            counts = dependence_row(database, milestone, other)
            for name, value in (("done", if_done), ("not_done", if_not)):
                reached = counts[f"{name}_reached_user_count"]
                interval = wilson(reached, counts[f"{name}_user_count"])
                label = f"{milestone} {name}, then {other}"
                found.append(Check("milestone_dependence", label, value, interval))
    return found
