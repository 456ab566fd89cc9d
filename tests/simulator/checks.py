"""A planted value and the interval in which a mart must have it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Check:
    """One planted value, and the interval that a mart's row gives for a number of deviations z."""

    quantity: str
    label: str
    planted: float
    interval: Callable[[float], tuple[float, float]]
    published: tuple[float, float] | None = None  # the mart's own 95 % interval

    def holds(self, z: float) -> bool:
        lower, upper = self.interval(z)
        return lower <= self.planted <= upper


def wilson(count: int, total: int) -> Callable[[float], tuple[float, float]]:
    """The Wilson interval of a rate."""

    def interval(z: float) -> tuple[float, float]:
        center = (count + z * z / 2) / (total + z * z)
        half = z / (total + z * z) * math.sqrt(count * (total - count) / total + z * z / 4)
        return center - half, center + half

    return interval


def normal(mean: float, standard_error: float) -> Callable[[float], tuple[float, float]]:
    """The interval of a mean by the normal approximation."""
    return lambda z: (mean - z * standard_error, mean + z * standard_error)


def bonferroni_z(number: int) -> float:
    """Deviations at which all of `number` intervals hold with a probability of at least 95 %."""
    return NormalDist().inv_cdf(1 - 0.05 / (2 * number))


def misses(found: list[Check]) -> list[Check]:
    """The checks whose widened interval does not hold the planted value."""
    z = bonferroni_z(len(found))
    return [check for check in found if not check.holds(z)]
