"""How well scores separate those who convert from the others, and how far scores have moved.

Counts and scores are exact; a float appears in the last step alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.arithmetic import Z_95
from tests.oracle.inference import chi_square_tail

FEWEST_OF_A_KIND = 10
DECILES = range(1, 11)
Number = Decimal | Fraction


def quotient(numerator: Number | int, denominator: Number | int) -> Fraction | None:
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def as_float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def nine_decimals(value: Fraction) -> Fraction:
    """Rounded, halves up."""
    return Fraction(math.floor(value * 10**9 + Fraction(1, 2)), 10**9)


class Auc(NamedTuple):
    """The share of pairs in which the one who converts scores higher, and DeLong's variance."""

    auc: Fraction
    # None where a sample variance has no divisor.
    variance: Fraction | None


def auc_of(converted: Sequence[Decimal], others: Sequence[Decimal]) -> Auc | None:
    """None without pairs. Ties are half a pair."""
    if not converted or not others:
        return None
    v = [Fraction(n, 2 * len(others)) for n in doubled_places(converted, sorted(others))]
    # Above is below with the signs turned.
    turned = sorted(-score for score in converted)
    w = [
        Fraction(n, 2 * len(converted))
        for n in doubled_places([-score for score in others], turned)
    ]
    variance = None
    if min(len(v), len(w)) > 1:
        variance = sample_variance(v) / len(v) + sample_variance(w) / len(w)
    return Auc(sum(v) / len(v), variance)


def doubled_places(scores: Sequence[Decimal], ordered: list[Decimal]) -> list[int]:
    """Of each score: twice the number of those below it, and once that of its equals."""
    return [bisect_left(ordered, score) + bisect_right(ordered, score) for score in scores]


def sample_variance(values: Sequence[Fraction]) -> Fraction:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def auc_interval(
    found: Auc | None, converted_count: int, other_count: int
) -> tuple[float, float] | tuple[None, None]:
    if found is None or min(converted_count, other_count) < FEWEST_OF_A_KIND or not found.variance:
        return None, None
    reach = Z_95 * math.sqrt(found.variance)
    return max(float(found.auc) - reach, 0.0), min(float(found.auc) + reach, 1.0)


def brier(scores: Sequence[Decimal], are_converted: Sequence[bool]) -> Fraction | None:
    """The mean square of what a score in percent misses."""
    misses = [
        (Fraction(score) / 100 - is_converted) ** 2
        for score, is_converted in zip(scores, are_converted, strict=True)
    ]
    return quotient(sum(misses), len(misses))


def brier_skill(score: Fraction | None, converted_count: int, count: int) -> Fraction | None:
    """By how much the score is better than to foretell everybody the same rate."""
    share = quotient(converted_count, count)
    worth = share and share * (1 - share)
    return 1 - score / worth if worth else None


def deciles(scores: Sequence[Decimal]) -> list[int]:
    """Of each score: 1 is the highest; equal scores stay together."""
    ordered = sorted(scores)
    return [
        1 + 10 * (len(ordered) - bisect_right(ordered, score)) // len(ordered) for score in scores
    ]


def lowest_scores(reference: Sequence[Decimal]) -> list[Decimal]:
    """The lowest score of each decile that is not empty, ascending."""
    lowest: dict[int, Decimal] = {}
    for score, decile in zip(reference, deciles(reference), strict=True):
        lowest[decile] = min(score, lowest.get(decile, score))
    return sorted(lowest.values())


def counts_by_bin(scores: Sequence[Decimal], lowest: Sequence[Decimal]) -> list[int]:
    """How many scores lie in each bin; those below all lie in the lowest."""
    counts = [0] * len(lowest)
    for score in scores:
        counts[max(bisect_right(lowest, score) - 1, 0)] += 1
    return counts


class Drift(NamedTuple):
    psi: float
    p_value: float

    @property
    def status(self) -> str:
        if self.p_value < 0.05 and self.psi >= 0.25:
            return "major"
        return "moderate" if self.p_value < 0.05 and self.psi >= 0.10 else "stable"


def drift(week: Sequence[int], reference: Sequence[int]) -> Drift:
    """How far the shares of bins have moved, from the counts of two sets."""
    bin_count = len(reference)
    psi = math.fsum(
        float(share - share_before) * math.log(share / share_before)
        for share, share_before in zip(smoothed(week), smoothed(reference), strict=True)
    )
    statistic = psi / (1 / sum(week) + 1 / sum(reference))
    return Drift(psi, chi_square_tail(statistic, bin_count - 1))


def smoothed(counts: Sequence[int]) -> list[Fraction]:
    all_count = sum(counts) + Fraction(len(counts), 2)
    return [(count + Fraction(1, 2)) / all_count for count in counts]
