"""Arithmetic that several marts share."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.raw_files import MICROSECOND, Row

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
THIRTY_DAYS = timedelta(days=30)
Z_95 = 1.959963984540054
COHORT = ("cohort_grain", "cohort_date", "segment_type", "segment_value")
CohortKey = tuple[str, date, str, str]


def rate(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def rate_with_interval(name: str, numerator: int, denominator: int) -> Row:
    """The rate and its 95 % Wilson interval, in three columns."""
    lower = upper = None
    if denominator:
        share = numerator / denominator
        scale = 1 + Z_95**2 / denominator
        centre = (share + Z_95**2 / (2 * denominator)) / scale
        spread = share * (1 - share) / denominator + Z_95**2 / (4 * denominator**2)
        half_width = Z_95 / scale * math.sqrt(spread)
        lower, upper = max(centre - half_width, 0.0), min(centre + half_width, 1.0)
    return {
        name: rate(numerator, denominator),
        f"{name}_ci_lower": lower,
        f"{name}_ci_upper": upper,
    }


def change_p_value(
    counts: tuple[int, int], other_counts: tuple[int, int], minimum_group_users: int
) -> float | None:
    """Pearson's chi-square test of two rates, each as converted users and all users of a group.

    None where the data are too few: users of a group, or an expected cell below 5.
    """
    (converted, users), (other_converted, other_users) = counts, other_counts
    if min(users, other_users) < max(minimum_group_users, 1):
        return None
    share = Fraction(converted + other_converted, users + other_users)
    cells = [
        (observed, size * cell_share)
        for size, group_converted in ((users, converted), (other_users, other_converted))
        for observed, cell_share in (
            (group_converted, share),
            (size - group_converted, 1 - share),
        )
    ]
    if any(expected < 5 for _, expected in cells):
        return None
    statistic = sum((observed - expected) ** 2 / expected for observed, expected in cells)
    # The tail of chi-square with one degree of freedom.
    return math.erfc(math.sqrt(statistic / 2))


def mean_seconds(durations: list[timedelta]) -> float | None:
    if not durations:
        return None
    return float(Fraction(sum(microseconds(d) for d in durations), len(durations) * 10**6))


def quantile_seconds(durations: list[timedelta], share: Fraction) -> float | None:
    """Interpolates linearly between the two values around (n - 1) · share."""
    if not durations:
        return None
    ordered = sorted(microseconds(duration) for duration in durations)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (ordered[above] - ordered[below]) * (position - below)
    return float(value / 10**6)


MEDIAN, P75, P90 = Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)


def microseconds(duration: timedelta) -> int:
    return duration // MICROSECOND


def cohort_columns(key: CohortKey) -> Row:
    return dict(zip(COHORT, key, strict=True))
