"""The marts of retention and activity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import accumulate, pairwise

from tests.oracle.arithmetic import DAY, WEEK, cohort_columns, rate, rate_with_interval
from tests.oracle.population import Population, User, mart, week_of
from tests.oracle.raw_files import Row

# period_grain, days in a period, last period_number
RETENTION_PERIODS = (("day", 1, 30), ("week", 7, 12))


@mart
def retention_by_cohort(population: Population) -> list[Row]:
    anchors = (
        ("signup", population.signup_cohorts, lambda user: user.created_at.date()),
        ("activation", population.activation_cohorts, lambda user: user.activated_at.date()),
    )
    return [
        cohort_columns(key) | {"cohort_anchor": anchor} | cell
        for anchor, cohorts, anchor_date in anchors
        for key, members in cohorts.items()
        for cell in retention_cells(members, anchor_date, population.observed_until_at.date())
    ]


def retention_cells(
    members: list[User], anchor_date: Callable[[User], date], observed_until_date: date
) -> Iterator[Row]:
    active_days = Counter()
    for user in members:
        start = anchor_date(user)
        days = {(active_date - start).days for active_date in user.active_dates}
        for grain, length, last_period in RETENTION_PERIODS:
            periods = {day // length for day in days}
            active_days.update(
                (grain, period)
                for period in periods
                if 0 <= period <= last_period
                and has_passed(start, length, period, observed_until_date)
            )

    starts = Counter(anchor_date(user) for user in members)
    for grain, length, last_period in RETENTION_PERIODS:
        for period in range(last_period + 1):
            eligible_count = sum(
                count
                for start, count in starts.items()
                if has_passed(start, length, period, observed_until_date)
            )
            retained_count = active_days[grain, period]
            yield {
                "period_grain": grain,
                "period_number": period,
                "cohort_user_count": len(members),
                "eligible_user_count": eligible_count,
                "retained_user_count": retained_count,
            } | rate_with_interval("retention_rate", retained_count, eligible_count)


def has_passed(start: date, length: int, period: int, observed_until_date: date) -> bool:
    """The whole period lies before the date that is still being observed."""
    return start + (length * (period + 1) - 1) * DAY < observed_until_date


@mart
def active_users_by_day(population: Population) -> list[Row]:
    if not population.users:
        return []
    first_date = population.first_signup_date
    # A day has ended with the midnight after it: the date of the last instant never has.
    day_count = (population.observed_until_at.date() - first_date).days
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
    while population.is_closed(datetime.combine(week, time()), WEEK):
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
