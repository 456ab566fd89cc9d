"""The marts of retention and activity."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, WEEK, cohort_columns, rate, rate_with_interval
from tests.oracle.population import Population, User, Variables, mart, week_of
from tests.oracle.raw_files import Row


class Period(NamedTuple):
    grain: str
    number: int
    # Days since the anchor's date, both included.
    start_day: int
    end_day: int

    def has_passed(self, start: date, observed_until_date: date) -> bool:
        """The whole period lies before the date that is still being observed."""
        return start + self.end_day * DAY < observed_until_date


def retention_periods(variables: Variables) -> Iterator[Period]:
    for grain, length, last_period in (
        ("day", 1, variables.retention_days),
        ("week", 7, variables.retention_weeks),
        ("month", 30, variables.retention_months),
    ):
        for number in range(last_period + 1):
            yield Period(grain, number, number * length, (number + 1) * length - 1)
    for number, (first, last) in enumerate(variables.retention_brackets, start=1):
        yield Period("bracket", number, first, last)
    for day in variables.retention_on_or_after_days:
        yield Period("on_or_after", day, day, variables.retention_horizon_days)


class Anchored(NamedTuple):
    """A user of a cohort: the anchor's date, and the periods that have passed with a visit."""

    start: date
    retained: frozenset[Period]

    @classmethod
    def of(
        cls,
        start: date,
        active_dates: list[date],
        periods: list[Period],
        observed_until_date: date,
    ) -> Anchored:
        return cls(
            start,
            frozenset(
                period
                for period in periods
                if period.has_passed(start, observed_until_date)
                and has_date_between(
                    active_dates, start + period.start_day * DAY, start + period.end_day * DAY
                )
            ),
        )


def has_date_between(dates: list[date], first: date, last: date) -> bool:
    position = bisect_left(dates, first)
    return position < len(dates) and dates[position] <= last


@mart
def retention_by_cohort(population: Population) -> list[Row]:
    periods = list(retention_periods(population.variables))
    rows = []
    for anchor, cohorts, attribute in (
        ("signup", population.signup_cohorts, "created_at"),
        ("activation", population.activation_cohorts, "activated_at"),
    ):
        anchored = anchored_users(population, attribute, periods)
        for key, members in cohorts.items():
            observed = [anchored[user.user_id] for user in members if user.user_id in anchored]
            rows += [
                cohort_columns(key)
                | {
                    "cohort_anchor": anchor,
                    "period_grain": period.grain,
                    "period_number": period.number,
                    "period_start_day": period.start_day,
                    "period_end_day": period.end_day,
                    "cohort_user_count": len(members),
                }
                | cell
                for period, cell in retention(periods, observed, population.observed_until_date)
            ]
    return rows


def anchored_users(
    population: Population, attribute: str, periods: list[Period]
) -> dict[str, Anchored]:
    """The users that have the anchor and may be eligible, by user_id."""
    return {
        user.user_id: Anchored.of(
            population.zone.date_of(getattr(user, attribute)),
            user.active_dates,
            periods,
            population.observed_until_date,
        )
        for user in population.users
        if getattr(user, attribute) is not None and population.is_observed(user)
    }


def retention(
    periods: list[Period], observed: list[Anchored], observed_until_date: date
) -> Iterator[tuple[Period, Row]]:
    """Of each period: how many of the users are eligible, and how many of those came."""
    starts = Counter(user.start for user in observed)
    retained = Counter(period for user in observed for period in user.retained)
    for period in periods:
        eligible_count = sum(
            count
            for start, count in starts.items()
            if period.has_passed(start, observed_until_date)
        )
        yield (
            period,
            {
                "eligible_user_count": eligible_count,
                "retained_user_count": retained[period],
            }
            | rate_with_interval("retention_rate", retained[period], eligible_count),
        )


@mart
def active_users_by_day(population: Population) -> list[Row]:
    if not population.users:
        return []
    first_date = population.first_signup_date
    # A day has ended with the midnight after it: the date of the last instant never has.
    day_count = (population.observed_until_date - first_date).days
    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        active_counts = zip(
            *(users_active_within(members, first_date, day_count, span) for span in (1, 7, 30)),
            strict=True,
        )
        for day_number, (dau, wau, mau) in enumerate(active_counts):
            rows.append(
                {
                    "activity_date": first_date + day_number * DAY,
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "dau": dau,
                    "wau": wau,
                    "mau": mau,
                    "stickiness_rate": rate(dau, mau),
                }
            )
    return rows


def users_active_within(
    members: list[User], first_date: date, day_count: int, span: int
) -> list[int]:
    """For each day, how many were active on one of the `span` dates that end on it.

    An active date counts its user for `span` days, or until the next active date takes over: then
    nobody is counted twice, and the sum of all entries and exits so far is the number of users.
    """
    changes = [0] * day_count
    for user in members:
        offsets = [(active_date - first_date).days for active_date in user.active_dates]
        for start, next_start in pairwise([*offsets, math.inf]):
            for day, change in ((start, 1), (min(start + span, next_start), -1)):
                if day < day_count:
                    changes[day] += change
    return list(accumulate(changes))


@mart
def growth_accounting_by_week(population: Population) -> list[Row]:
    if not population.users:
        return []
    weeks = []
    week = week_of(population.first_signup_date)
    while population.has_ended(week + 6 * DAY):
        weeks.append(week)
        week += WEEK

    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        counts = Counter()
        for user in members:
            active_weeks = sorted({week_of(active_date) for active_date in user.active_dates})
            for previous, active_week in pairwise([None, *active_weeks]):
                if previous is None:
                    counts[active_week, "new"] += 1
                elif previous == active_week - WEEK:
                    counts[active_week, "retained"] += 1
                else:
                    counts[active_week, "resurrected"] += 1
            for active_week, following in pairwise([*active_weeks, None]):
                if following != active_week + WEEK:
                    counts[active_week + WEEK, "churned"] += 1
        for week in weeks:
            new, retained, resurrected, churned = (
                counts[week, state] for state in ("new", "retained", "resurrected", "churned")
            )
            rows.append(
                {
                    "week_start_date": week,
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "new_user_count": new,
                    "retained_user_count": retained,
                    "resurrected_user_count": resurrected,
                    "churned_user_count": churned,
                    "active_user_count": new + retained + resurrected,
                }
            )
    return rows
