"""Separation of scores in SQL agrees with counting pair by pair, and with scipy."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy.stats.contingency import odds_ratio

from tests.statistics.macros import Macros

Z = 1.959963984540054
COUNTS = "score integer, c bigint, o bigint"


@pytest.fixture(scope="module")
def macros(tmp_path_factory: pytest.TempPathFactory) -> Macros:
    return Macros(tmp_path_factory.mktemp("separation"))


def by_pairs(cases: list[tuple[int, int, int]]) -> tuple[float, float]:
    """The share of pairs that are in order, and DeLong's standard error."""
    yes = np.array([score for score, c, _ in cases for _ in range(c)])
    no = np.array([score for score, _, o in cases for _ in range(o)])
    wins = (yes[:, None] > no) + (yes[:, None] == no) / 2
    v, w = wins.mean(axis=1), wins.mean(axis=0)
    return wins.mean(), math.sqrt(v.var(ddof=1) / len(v) + w.var(ddof=1) / len(w))


def test_auc_and_its_interval(macros: Macros) -> None:
    chance = random.Random(1)
    for _ in range(20):
        cases = [(s, chance.randint(0, 9) + s // 3, chance.randint(0, 20)) for s in range(12)]
        auc, error = by_pairs(cases)
        chance.shuffle(cases)
        ((found, lower, upper),) = macros.rows("auc", COUNTS, cases)
        assert math.isclose(found, auc, rel_tol=1e-12)
        assert math.isclose(lower, max(0, auc - Z * error), rel_tol=1e-9, abs_tol=1e-12)
        assert math.isclose(upper, min(1, auc + Z * error), rel_tol=1e-9)


def test_auc_of_as_many_units_as_there_can_be(macros: Macros) -> None:
    """50 million on each side: the sums of squares are exact decimals, not doubles."""
    many = 25_000_000
    ((auc, lower, upper),) = macros.rows("auc", COUNTS, [(1, many, 2 * many), (2, many, 0)])
    # v is 1 or 0.5, w is 0.75.
    error = math.sqrt(0.0625 / (2 * many))
    assert auc == 0.75
    assert math.isclose(upper - lower, 2 * Z * error, rel_tol=1e-6)


def test_odds_ratios(macros: Macros) -> None:
    cases = [(12, 40, 10, 160), (0, 5, 3, 9), (400, 900, 20, 30)]
    found = macros.rows("odds_ratio", "a bigint, n bigint, c bigint, k bigint", cases)
    for (a, n, c, k), (ratio, lower, upper) in zip(cases, found, strict=True):
        # Halves are added, and scipy takes whole numbers: all is doubled, but the interval.
        table = np.array([[2 * a + 1, 2 * (n - a) + 1], [2 * c + 1, 2 * (k - c) + 1]])
        assert math.isclose(ratio, odds_ratio(table, kind="sample").statistic, rel_tol=1e-12)
        error = math.sqrt((2 / table).sum())
        assert math.isclose(lower, ratio * math.exp(-Z * error), rel_tol=1e-12)
        assert math.isclose(upper, ratio * math.exp(Z * error), rel_tol=1e-12)
    assert macros.rows("odds_ratio", "a bigint, n bigint, c bigint, k bigint", [(0, 0, 1, 2)]) == [
        (None, None, None)
    ]


@pytest.mark.parametrize(
    ("week", "psi"), [((20, 20, 10), 0.175517185698881), ((10, 20, 20), 0.845150343500248)]
)
def test_population_stability(macros: Macros, week: tuple[int, ...], psi: float) -> None:
    cases = list(zip(week, (60, 30, 10), strict=True))
    for ordered in (cases, cases[::-1]):
        ((found,),) = macros.rows("stability", "n bigint, r bigint", ordered)
        assert math.isclose(found, psi, rel_tol=1e-12)
