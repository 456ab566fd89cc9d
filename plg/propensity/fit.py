"""Fits weights in log-odds by logistic regression, and says how well they foretell who converts.

Units that did the same behaviours are one pattern. Sums over patterns are exact (math.fsum, whole numbers),
so the weights do not depend on the order of the patterns.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

STEP = 1e-10
MOST_STEPS = 100
WEIGHT_STEP = SCORE_STEP = Decimal("0.0001")


class NoFit(Exception):
    """A sentence that says why there are no weights."""


@dataclass(frozen=True)
class Pattern:
    """Units that did the same behaviours.

    Attributes:
        done: for each behaviour, whether they did it.
        units: how many they are.
        converted: how many of them converted.
    """

    done: tuple[bool, ...]
    units: int
    converted: int


@dataclass(frozen=True)
class Quality:
    """How well weights foretell who converts.

    Attributes:
        units: all units.
        converted: those that converted.
        auc: share of pairs, one unit that converted and one that did not, in which the first scores higher;
            ties count half. None without pairs.
        brier: mean squared distance of the prediction from the outcome. None without units.
    """

    units: int
    converted: int
    auc: float | None
    brier: float | None


def fit(patterns: Sequence[Pattern]) -> list[Decimal]:
    """The weights: that of the intercept, then one for each behaviour, rounded to 4 decimals.

    They minimise minus the log-likelihood plus half the sum of their squares (the intercept's aside),
    by Newton's method from 0 on.

    Raises:
        NoFit: the steps do not end.
    """
    rows = [(1.0, *map(float, pattern.done)) for pattern in patterns]
    size = len(rows[0])
    # The intercept is free.
    ridge = [0.0] + [1.0] * (size - 1)
    weights = [0.0] * size
    for _ in range(MOST_STEPS):
        rates = [
            _logistic(math.fsum(map(_product, zip(weights, row, strict=True)))) for row in rows
        ]
        gradient = [
            math.fsum(
                row[one] * (pattern.units * rate - pattern.converted)
                for row, pattern, rate in zip(rows, patterns, rates, strict=True)
            )
            + ridge[one] * weights[one]
            for one in range(size)
        ]
        curvature = [
            [
                math.fsum(
                    row[one] * row[other] * pattern.units * rate * (1 - rate)
                    for row, pattern, rate in zip(rows, patterns, rates, strict=True)
                )
                + ridge[one] * (one == other)
                for other in range(size)
            ]
            for one in range(size)
        ]
        step = solve(curvature, gradient)
        weights = [weight - change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) <= STEP:
            return [rounded(weight) for weight in weights]
    raise NoFit(f"Newton's method has not ended after {MOST_STEPS} steps.")


def rounded(weight: float) -> Decimal:
    """A weight with 4 decimals, never -0."""
    return Decimal(repr(weight)).quantize(WEIGHT_STEP, ROUND_HALF_UP) + Decimal(0)


def score(done: Sequence[bool], weights: Sequence[Decimal]) -> Decimal:
    """The propensity score of a unit, 0 to 100, as int_score_history computes it."""
    chosen = [weight for is_done, weight in zip(done, weights[1:], strict=True) if is_done]
    z = float(sum(chosen, weights[0]))
    return Decimal(repr(100 * _logistic(z))).quantize(SCORE_STEP, ROUND_HALF_UP)


def quality(patterns: Sequence[Pattern], weights: Sequence[Decimal]) -> Quality:
    """How well the weights foretell who of these units converts."""
    units, converted = Counter(), Counter()
    for pattern in patterns:
        place = score(pattern.done, weights)
        units[place] += pattern.units
        converted[place] += pattern.converted
    all_units, all_converted = units.total(), converted.total()
    pairs = all_converted * (all_units - all_converted)
    won_doubled = below = 0
    for place in sorted(units):
        others = units[place] - converted[place]
        won_doubled += converted[place] * (2 * below + others)
        below += others
    errors = sum(
        converted[place] * (place / 100 - 1) ** 2
        + (units[place] - converted[place]) * (place / 100) ** 2
        for place in units
    )
    return Quality(
        all_units,
        all_converted,
        won_doubled / (2 * pairs) if pairs else None,
        float(errors / all_units) if all_units else None,
    )


def solve(matrix: list[list[float]], values: list[float]) -> list[float]:
    """The solution of a system of linear equations, by elimination with the largest pivot.

    Raises:
        NoFit: it has none.
    """
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        if not rows[column][column]:
            raise NoFit("The weights can't be told apart.")
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            rows[row] = [
                value - factor * above for value, above in zip(rows[row], rows[column], strict=True)
            ]
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = math.fsum(rows[row][column] * solution[column] for column in range(row + 1, size))
        solution[row] = (rows[row][size] - known) / rows[row][row]
    return solution


def _logistic(z: float) -> float:
    # exp of a large number is too large for a double.
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _product(pair: tuple[float, float]) -> float:
    return pair[0] * pair[1]
