"""Weights agree with scipy's minimum, and their quality with counting pair by pair."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import numpy as np
import pytest
from scipy import optimize

from plg.propensity.fit import NoFit, Pattern, fit, quality, rounded, score, solve


def random_patterns(seed: int, behaviors: int, units: int) -> list[Pattern]:
    chance = random.Random(seed)
    true = [-2.5, *(chance.uniform(-1, 1.5) for _ in range(behaviors))]
    counts: dict[tuple[bool, ...], list[int]] = {}
    for _ in range(units):
        done = tuple(chance.random() < 0.4 for _ in range(behaviors))
        z = true[0] + sum(weight for weight, did in zip(true[1:], done, strict=True) if did)
        count = counts.setdefault(done, [0, 0])
        count[0] += 1
        count[1] += chance.random() < 1 / (1 + math.exp(-z))
    return [Pattern(done, *count) for done, count in counts.items()]


def by_scipy(patterns: list[Pattern]) -> np.ndarray:
    rows = np.array([(1, *pattern.done) for pattern in patterns], float)
    units = np.array([pattern.units for pattern in patterns], float)
    converted = np.array([pattern.converted for pattern in patterns], float)

    def loss(weights: np.ndarray) -> float:
        z = rows @ weights
        return units @ np.logaddexp(0, z) - converted @ z + weights[1:] @ weights[1:] / 2

    return optimize.minimize(loss, np.zeros(rows.shape[1]), method="BFGS", tol=1e-9).x


@pytest.mark.parametrize("behaviors", [1, 3, 8])
def test_weights_are_the_minimum(behaviors: int) -> None:
    for seed in range(3):
        patterns = random_patterns(seed, behaviors, 2000)
        found = [float(weight) for weight in fit(patterns)]
        assert np.allclose(found, by_scipy(patterns), atol=1.5e-4), seed


def test_weights_do_not_depend_on_the_order() -> None:
    patterns = random_patterns(7, 6, 3000)
    expected = fit(patterns)
    for seed in range(5):
        random.Random(seed).shuffle(patterns)
        assert fit(patterns) == expected


def test_the_ridge_holds_what_separates_perfectly() -> None:
    """Without it, the weight of a behaviour that only the converted have would have no end."""
    weights = fit([Pattern((True,), 50, 50), Pattern((False,), 50, 0)])
    assert 3 < weights[1] < 6


def test_the_intercept_is_free() -> None:
    """With no behaviour done by anybody, it is the log-odds of the rate: ln(0.01 / 0.99)."""
    assert fit([Pattern((False,), 1000, 10)]) == [Decimal("-4.5951"), Decimal("0.0000")]


def test_weights_have_four_decimals_and_no_minus_zero() -> None:
    assert str(rounded(-0.00001)) == "0.0000"
    assert str(rounded(0.12345)) == "0.1235"


def test_a_score_of_the_reference() -> None:
    weights = [Decimal(text) for text in ("-3.3040", "0.4935", "0.3353", "0.1690")]
    assert score((True, True, True), weights) == Decimal("9.0611")
    assert score((False, False, False), [Decimal(-800), *weights[1:]]) == 0
    assert score((False, False, False), [Decimal(800), *weights[1:]]) == 100


def test_quality_counts_pairs_and_distances() -> None:
    patterns = random_patterns(11, 3, 300)
    weights = fit(patterns)
    found = quality(patterns, weights)
    outcomes = [
        (float(score(pattern.done, weights)) / 100, place < pattern.converted)
        for pattern in patterns
        for place in range(pattern.units)
    ]
    yes = np.array([p for p, converted in outcomes if converted])
    no = np.array([p for p, converted in outcomes if not converted])
    pairs = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    assert (found.units, found.converted) == (300, len(yes))
    assert math.isclose(found.auc, pairs, rel_tol=1e-12)
    brier = np.mean([(p - converted) ** 2 for p, converted in outcomes])
    assert math.isclose(found.brier, brier, rel_tol=1e-12)


def test_nobody_and_no_pairs_have_no_quality() -> None:
    weights = [Decimal(-2), Decimal(1)]
    nobody = quality([], weights)
    assert (nobody.units, nobody.auc, nobody.brier) == (0, None, None)
    assert quality([Pattern((True,), 5, 0)], weights).auc is None


def test_equations_without_a_solution_are_told() -> None:
    assert solve([[0.0, 2.0], [4.0, 0.0]], [2.0, 8.0]) == [2.0, 1.0]
    with pytest.raises(NoFit):
        solve([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0])
