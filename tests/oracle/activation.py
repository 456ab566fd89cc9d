"""The marts of activation."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from tests.oracle.arithmetic import (
    DAY,
    MEDIAN,
    P75,
    P90,
    THIRTY_DAYS,
    Z_95,
    cohort_columns,
    mean_seconds,
    quantile_seconds,
    rate,
    rate_with_interval,
)
from tests.oracle.definitions import Milestone
from tests.oracle.population import Population, User, mart
from tests.oracle.raw_files import Row

LAST_CURVE_DAY = 90


@mart
def activation_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for window_days in population.variables.activation_windows_days:
            window = window_days * DAY
            eligible = [u for u in members if population.is_eligible(u, window)]
            activated_count = sum(
                user.activated_at is not None and user.activated_at < user.created_at + window
                for user in eligible
            )
            rows.append(
                cohort_columns(key)
                | {
                    "window_days": window_days,
                    "signup_count": len(members),
                    "eligible_user_count": len(eligible),
                    "activated_user_count": activated_count,
                }
                | rate_with_interval("activation_rate", activated_count, len(eligible))
            )
    return rows


@mart
def milestone_completion_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for milestones in population.definitions.paths.values():
            for previous, milestone in pairwise([None, *milestones]):
                eligible = [u for u in members if population.is_eligible(u, milestone.timeframe)]
                completed_count = sum(milestone.milestone_id in u.completed_at for u in eligible)
                rows.append(
                    cohort_columns(key)
                    | {
                        "milestone_id": milestone.milestone_id,
                        "milestone_order": milestone.order,
                        "eligible_user_count": len(eligible),
                        "completed_user_count": completed_count,
                    }
                    | rate_with_interval("completion_rate", completed_count, len(eligible))
                    | conversion_from_previous(previous, milestone, eligible, population)
                )
    return rows


def conversion_from_previous(
    previous: Milestone | None,
    milestone: Milestone,
    eligible: list[User],
    population: Population,
) -> Row:
    previous_count = both_count = conversion_rate = None
    if previous is not None:
        # Both timeframes have to be closed: `eligible` has seen to the milestone's own.
        completed_previous = [
            user
            for user in eligible
            if population.is_eligible(user, previous.timeframe)
            and previous.milestone_id in user.completed_at
        ]
        previous_count = len(completed_previous)
        both_count = sum(milestone.milestone_id in u.completed_at for u in completed_previous)
        conversion_rate = rate(both_count, previous_count)
    return {
        "previous_completed_user_count": previous_count,
        "completed_both_user_count": both_count,
        "conversion_from_previous_rate": conversion_rate,
    }


class Survival(NamedTuple):
    day_number: int
    at_risk_count: int
    event_count: int
    censored_count: int
    # At the end of the day.
    probability: Fraction
    greenwood_sum: float


def first_value_at(user: User) -> datetime | None:
    return user.first_value_at


def kaplan_meier(
    members: list[User],
    observed_until_at: datetime,
    days: Iterable[int],
    reached_at: Callable[[User], datetime | None] = first_value_at,
) -> Iterator[Survival]:
    """Survival without what is reached on `days`, which ascend and name every day that has it."""
    event_days, censored_days = [], []
    for user in members:
        end = reached_at(user)
        if end is not None:
            event_days.append((end - user.created_at) // DAY)
        else:
            censored_days.append((observed_until_at - user.created_at) // DAY)
    durations = sorted(event_days + censored_days)
    events, censored = Counter(event_days), Counter(censored_days)

    probability, greenwood_sum = Fraction(1), 0.0
    for day in days:
        at_risk = len(durations) - bisect_left(durations, day)
        if events[day]:
            probability *= Fraction(at_risk - events[day], at_risk)
        if 0 < events[day] < at_risk:
            greenwood_sum += events[day] / (at_risk * (at_risk - events[day]))
        yield Survival(day, at_risk, events[day], censored[day], probability, greenwood_sum)


def log_log_interval(survival: Survival) -> tuple[float, float]:
    # The logarithm of the logarithm has no value at 1 and at 0: nothing has been lost, or all.
    if survival.probability in (0, 1):
        return float(survival.probability), float(survival.probability)
    probability = float(survival.probability)
    log_log_error = math.sqrt(survival.greenwood_sum) / -math.log(probability)
    return (
        probability ** math.exp(Z_95 * log_log_error),
        probability ** math.exp(-Z_95 * log_log_error),
    )


@mart
def time_to_first_value_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [u for u in members if population.is_eligible(u, THIRTY_DAYS)]
        times = [
            user.first_value_at - user.created_at
            for user in eligible
            if user.first_value_at is not None
            and user.first_value_at < user.created_at + THIRTY_DAYS
        ]
        rows.append(
            cohort_columns(key)
            | {
                "signup_count": len(members),
                "eligible_user_count": len(eligible),
                "reached_user_count": len(times),
            }
            | rate_with_interval("reached_rate", len(times), len(eligible))
            | {
                "mean_time_to_first_value_seconds": mean_seconds(times),
                "median_time_to_first_value_seconds": quantile_seconds(times, MEDIAN),
                "p75_time_to_first_value_seconds": quantile_seconds(times, P75),
                "p90_time_to_first_value_seconds": quantile_seconds(times, P90),
                "km_median_time_to_first_value_days": km_median_days(
                    list(filter(population.is_observed, members)), population.observed_until_at
                ),
            }
        )
    return rows


def km_median_days(members: list[User], observed_until_at: datetime) -> float | None:
    event_days = sorted(
        {(u.first_value_at - u.created_at) // DAY for u in members if u.first_value_at is not None}
    )
    half = Fraction(1, 2) + Fraction(1, 10**12)
    for survival in kaplan_meier(members, observed_until_at, event_days):
        if survival.probability <= half:
            return float(survival.day_number)
    return None


@mart
def time_to_first_value_curve(population: Population) -> list[Row]:
    return list(curves(population, first_value_at))


@mart
def milestone_survival_curve(population: Population) -> list[Row]:
    rows = []
    for milestone in population.definitions.milestones:
        name = milestone.milestone_id
        curve = curves(population, lambda user, name=name: user.reached_at.get(name))
        rows += [{"milestone_id": name} | row for row in curve]
    return rows


def curves(population: Population, reached_at: Callable[[User], datetime | None]) -> Iterator[Row]:
    """The survival curve of each segment."""
    for (segment_type, segment_value), members in population.segments.items():
        observed = list(filter(population.is_observed, members))
        days = range(LAST_CURVE_DAY + 1)
        for survival in kaplan_meier(observed, population.observed_until_at, days, reached_at):
            lower, upper = log_log_interval(survival)
            yield {
                "segment_type": segment_type,
                "segment_value": segment_value,
                "day_number": survival.day_number,
                "at_risk_count": survival.at_risk_count,
                "event_count": survival.event_count,
                "censored_count": survival.censored_count,
                "survival_probability": float(survival.probability),
                "survival_ci_lower": lower,
                "survival_ci_upper": upper,
                "hazard_rate": rate(survival.event_count, survival.at_risk_count),
            }


@mart
def milestone_velocity_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for path, milestones in population.definitions.paths.items():
            for source, target in pairwise(milestones):
                rows.append(
                    cohort_columns(key)
                    | {
                        "path": path,
                        "from_milestone_id": source.milestone_id,
                        "to_milestone_id": target.milestone_id,
                    }
                    | velocity(source, target, members, population)
                )
    return rows


def velocity(
    source: Milestone, target: Milestone, members: list[User], population: Population
) -> Row:
    window = population.variables.velocity_window_days * DAY
    eligible_count = out_of_order_count = 0
    times = []
    for user in members:
        # Reached, be it too late to be completed: the clock of this mart starts at the milestone.
        from_at = user.reached_at.get(source.milestone_id)
        if from_at is None or not population.is_eligible(user, window, from_at):
            continue
        eligible_count += 1
        to_at = user.reached_at.get(target.milestone_id)
        if to_at is None:
            continue
        if to_at < from_at:
            out_of_order_count += 1
        elif to_at < from_at + window:
            times.append(to_at - from_at)
    return {
        "eligible_user_count": eligible_count,
        "progressed_user_count": len(times),
        "progression_rate": rate(len(times), eligible_count),
        "out_of_order_user_count": out_of_order_count,
        "mean_seconds": mean_seconds(times),
        "median_seconds": quantile_seconds(times, MEDIAN),
        "p75_seconds": quantile_seconds(times, P75),
    }
