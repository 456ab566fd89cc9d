"""What tells differences from chance: tests of rates and of survival, and many of them at once."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.arithmetic import Z_95, rate, rate_with_interval
from tests.oracle.raw_files import Row

FEWEST_EXPECTED = 5
MATERIAL_RATIO = 1.2


class Group(NamedTuple):
    """Users of whom some did something."""

    users: int
    achieved: int

    def __add__(self, other: Group) -> Group:
        return Group(self.users + other.users, self.achieved + other.achieved)

    @property
    def rate(self) -> float | None:
        return rate(self.achieved, self.users)

    def rate_columns(self, name: str) -> Row:
        return rate_with_interval(name, self.achieved, self.users)


NOBODY = Group(0, 0)


class Result(NamedTuple):
    """The outcome of a test; without enough data there is none."""

    statistic: float
    degrees: int
    p_value: float


def pearson(groups: Sequence[Group], minimum_group_users: int) -> Result | None:
    """The chi-square test of the groups' rates, without correction for continuity."""
    # A group of nobody has no rate, however small a group may be.
    if len(groups) < 2 or any(g.users < max(minimum_group_users, 1) for g in groups):
        return None
    users = sum(group.users for group in groups)
    share = Fraction(sum(group.achieved for group in groups), users)
    statistic = Fraction(0)
    for group in groups:
        for observed, cell_share in (
            (group.achieved, share),
            (group.users - group.achieved, 1 - share),
        ):
            expected = group.users * cell_share
            if expected < FEWEST_EXPECTED:
                return None
            statistic += (observed - expected) ** 2 / expected
    degrees = len(groups) - 1
    return Result(float(statistic), degrees, chi_square_tail(float(statistic), degrees))


def chi_square_tail(statistic: float, degrees: int) -> float:
    """How likely chi-square is at least so large: the upper incomplete gamma function.

    Half the degrees are a whole number or half of one, so its recursion
    Q(a + 1, x) = Q(a, x) + x^a exp(-x) / gamma(a + 1) ends.
    """
    x, a = statistic / 2, Fraction(degrees % 2, 2)
    tail = math.erfc(math.sqrt(x)) if degrees % 2 else 0.0
    while a < Fraction(degrees, 2):
        tail += x ** float(a) * math.exp(-x) / math.gamma(float(a) + 1)
        a += 1
    return tail


def newcombe(name: str, first: Group, second: Group) -> Row:
    """The difference of two rates and its interval, in three columns."""
    difference = lower = upper = None
    if first.users and second.users:
        rates, lowers, uppers = zip(
            *(group.rate_columns("rate").values() for group in (first, second)), strict=True
        )
        difference = rates[0] - rates[1]
        lower = difference - math.hypot(rates[0] - lowers[0], uppers[1] - rates[1])
        upper = difference + math.hypot(uppers[0] - rates[0], rates[1] - lowers[1])
    return {name: difference, f"{name}_ci_lower": lower, f"{name}_ci_upper": upper}


class Lifetimes(NamedTuple):
    """The whole days after which users did something, and those for which the others did not."""

    event_days: Sequence[int]
    censored_days: Sequence[int]

    def __add__(self, other: Lifetimes) -> Lifetimes:
        return Lifetimes(
            [*self.event_days, *other.event_days], [*self.censored_days, *other.censored_days]
        )

    @property
    def group(self) -> Group:
        events = len(self.event_days)
        return Group(events + len(self.censored_days), events)


NO_LIFETIMES = Lifetimes((), ())


class LogRank(NamedTuple):
    result: Result
    hazard_ratio: float
    hazard_ratio_lower: float
    hazard_ratio_upper: float

    @property
    def is_material(self) -> bool:
        return self.hazard_ratio >= MATERIAL_RATIO or self.hazard_ratio <= 1 / MATERIAL_RATIO


class Sums(NamedTuple):
    """What the log-rank test is made of: events of the first group, and what chance gives it."""

    observed: int
    expected: float
    variance: float


def log_rank_sums(first: Lifetimes, second: Lifetimes) -> Sums:
    events, events_of_first = Counter(first.event_days), len(first.event_days)
    events.update(second.event_days)
    durations_of_first = sorted([*first.event_days, *first.censored_days])
    durations = sorted([*durations_of_first, *second.event_days, *second.censored_days])
    expected, variance = [], []
    for day, d in events.items():
        n1 = len(durations_of_first) - bisect_left(durations_of_first, day)
        n = len(durations) - bisect_left(durations, day)
        expected.append(float(Fraction(d * n1, n)))
        if n > 1:
            variance.append(float(Fraction(n1 * (n - n1) * d * (n - d), n * n * (n - 1))))
    return Sums(events_of_first, math.fsum(expected), math.fsum(variance))


def log_rank(first: Lifetimes, second: Lifetimes, minimum_group_users: int) -> LogRank | None:
    """Whether one group does it sooner than the other, and how many times as often a day."""
    if min(first.group.users, second.group.users) < minimum_group_users:
        return None
    observed, expected, variance = log_rank_sums(first, second)
    all_events = first.group.achieved + second.group.achieved
    if not variance > 0 or any(
        round(count, 9) < FEWEST_EXPECTED for count in (expected, all_events - expected)
    ):
        return None
    statistic = (observed - expected) ** 2 / variance
    centre, reach = (observed - expected) / variance, Z_95 / math.sqrt(variance)
    return LogRank(
        Result(statistic, 1, chi_square_tail(statistic, 1)),
        math.exp(centre),
        math.exp(centre - reach),
        math.exp(centre + reach),
    )


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """The q-value of each p-value of a family; what has no p-value is no part of it."""
    ordered = sorted(p for p in p_values if p is not None)
    # Of the last of equal p-values: the earlier ones have no smaller quotient.
    q_values: dict[float, float] = {}
    smallest = 1.0
    for place in range(len(ordered), 0, -1):
        smallest = min(smallest, ordered[place - 1] * len(ordered) / place)
        q_values[ordered[place - 1]] = smallest
    return [None if p is None else q_values[p] for p in p_values]


def verdict(
    q_value: float | None, significance_level: float, is_positive: bool | None, words: Sequence[str]
) -> str:
    """What to say of a difference: `words` are those for more and for less."""
    if q_value is None:
        return "not_enough_data"
    if q_value >= significance_level:
        return "no_difference_shown"
    return words[0] if is_positive else words[1]


def phi(together: int, first_alone: int, second_alone: int, neither: int) -> float | None:
    """How closely two things go together, -1 to 1; null where one always or never happens."""
    margins = (
        (together + first_alone)
        * (together + second_alone)
        * (first_alone + neither)
        * (second_alone + neither)
    )
    if not margins:
        return None
    return (together * neither - first_alone * second_alone) / math.sqrt(margins)
