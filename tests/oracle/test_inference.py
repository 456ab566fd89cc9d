"""The statistics of the oracle on published and worked examples."""

from __future__ import annotations

import math

import pytest

from tests.oracle.inference import (
    Group,
    Lifetimes,
    benjamini_hochberg,
    chi_square_tail,
    log_rank,
    log_rank_sums,
    newcombe,
    pearson,
    phi,
    verdict,
)

SEEDS, OTHER_SEEDS, THIRD = Group(200, 90), Group(150, 48), Group(120, 60)


@pytest.mark.parametrize(
    ("statistic", "degrees", "expected"),
    [
        (0.0, 1, 1.0),
        (0.0, 4, 1.0),
        (3.841458820694124, 1, 0.05),
        (5.991464547107979, 2, 0.05),
        (7.814727903251179, 3, 0.05),
        (23.209251158954356, 10, 0.01),
        (30.14352720564616, 19, 0.05),
        (16.0, 1, 6.334248366623996e-05),
    ],
)
def test_tails_of_the_tables(statistic: float, degrees: int, expected: float) -> None:
    assert chi_square_tail(statistic, degrees) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("degrees", range(1, 20))
def test_a_tail_is_the_integral_of_its_density(degrees: int) -> None:
    """Of chi, its root: that density has no pole at 0."""
    start, end, parts = math.sqrt(degrees + 1.5), 16.0, 4000

    def density(x: float) -> float:
        scale = 2 ** (degrees / 2 - 1) * math.gamma(degrees / 2)
        return x ** (degrees - 1) * math.exp(-x * x / 2) / scale

    width = (end - start) / parts
    simpson = [1, *[4, 2] * (parts // 2 - 1), 4, 1]
    total = sum(w * density(start + n * width) for n, w in enumerate(simpson))
    assert chi_square_tail(start**2, degrees) == pytest.approx(total * width / 3, abs=1e-11)


def test_two_groups_without_a_correction() -> None:
    found = pearson([SEEDS, OTHER_SEEDS], 50)
    assert found.statistic == pytest.approx(6.065422477, abs=1e-9)
    assert found.p_value == pytest.approx(0.013785377, abs=1e-9)
    assert found.degrees == 1
    difference = newcombe("d", SEEDS, OTHER_SEEDS)
    assert list(difference.values()) == pytest.approx([0.13, 0.026680, 0.228004], abs=1e-6)


def test_three_groups() -> None:
    found = pearson([SEEDS, OTHER_SEEDS, THIRD], 50)
    assert found.statistic == pytest.approx(10.037767380, abs=1e-9)
    assert (found.degrees, found.p_value) == (2, pytest.approx(0.006611904, abs=1e-9))
    assert math.sqrt(found.statistic / 470) == pytest.approx(0.146140, abs=1e-6)
    first_against_others = pearson([SEEDS, OTHER_SEEDS + THIRD], 50)
    assert first_against_others.p_value == pytest.approx(0.277734631, abs=1e-9)


@pytest.mark.parametrize(
    ("groups", "is_enough"),
    [
        ([Group(50, 5), Group(50, 5)], True),
        ([Group(50, 45), Group(50, 45)], True),
        ([Group(49, 20), Group(60, 20)], False),
        ([Group(50, 4), Group(50, 5)], False),
        ([Group(50, 46), Group(50, 45)], False),
        ([Group(50, 20)], False),
        ([], False),
    ],
)
def test_enough_data(groups: list[Group], is_enough: bool) -> None:
    assert (pearson(groups, 50) is not None) == is_enough


def test_nobody_is_never_enough() -> None:
    assert pearson([Group(0, 0), Group(50, 20)], 0) is None
    assert list(newcombe("d", Group(0, 0), Group(50, 20)).values()) == [None, None, None]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Group(60, 12), Group(140, 84), (-0.4, -0.5126, -0.2560)),
        (Group(100, 45), Group(200, 50), (0.2, 0.0862, 0.3119)),
        (Group(200, 60), Group(200, 40), (0.1, 0.015063, 0.183162)),
    ],
)
def test_differences_of_rates(first: Group, second: Group, expected: tuple[float, ...]) -> None:
    found = list(newcombe("d", first, second).values())
    assert found == pytest.approx(expected, abs=5e-5)


def test_friction_and_dependence_and_releases() -> None:
    assert pearson([Group(60, 12), Group(140, 84)], 50).statistic == pytest.approx(
        26.9231, abs=5e-5
    )
    assert pearson([Group(60, 12), Group(140, 84)], 50).p_value == pytest.approx(2.117e-7, rel=5e-4)
    assert pearson([Group(100, 45), Group(200, 50)], 50).p_value == pytest.approx(
        0.000447, abs=5e-7
    )
    assert pearson([Group(200, 60), Group(200, 40)], 50).p_value == pytest.approx(
        0.020921, abs=5e-7
    )


ONE, OTHER = Lifetimes([0, 1, 1, 3], [5, 6]), Lifetimes([1, 4], [2, 6, 6, 6])


def test_log_rank() -> None:
    sums = log_rank_sums(ONE, OTHER)
    assert sums.observed == 4
    assert sums.expected == pytest.approx(2.625541126, abs=1e-9)
    assert sums.variance == pytest.approx(1.312161504, abs=1e-9)
    # Six users and two or three expected events are not enough for the mart.
    assert log_rank(ONE, OTHER, 6) is None
    # Ten times the same users: the events are tied as before, and the sums grow.
    found = log_rank(
        *(Lifetimes(g.event_days * 10, g.censored_days * 10) for g in (ONE, OTHER)), 50
    )
    assert found.hazard_ratio > 1
    assert found.is_material


def test_the_statistic_of_log_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.oracle.inference.FEWEST_EXPECTED", 0)
    found = log_rank(ONE, OTHER, 6)
    assert found.result.statistic == pytest.approx(1.439713932, abs=1e-9)
    assert found.result.p_value == pytest.approx(0.230185638, abs=1e-9)
    assert found.hazard_ratio == pytest.approx(2.850450, abs=1e-6)
    assert found.hazard_ratio_lower == pytest.approx(0.515025, abs=1e-6)
    assert found.hazard_ratio_upper == pytest.approx(15.776072, abs=1e-6)
    mirrored = log_rank(OTHER, ONE, 6)
    assert mirrored.result.statistic == pytest.approx(found.result.statistic, abs=1e-12)
    assert mirrored.hazard_ratio == pytest.approx(1 / found.hazard_ratio, rel=1e-12)


def test_enough_data_for_log_rank() -> None:
    """Both groups expect five of ten events: just enough; with a user less there is no test."""
    days = [1, 2, 3, 4, 5]
    group = Lifetimes(days, [9] * 45)
    assert log_rank(group, group, 50) is not None
    assert log_rank(group, Lifetimes(days, [9] * 44), 50) is None
    assert log_rank(Lifetimes(days[:4], [9] * 46), group, 50) is None
    # All events on a day on which everybody has one: no variance.
    assert log_rank(Lifetimes([1] * 50, []), Lifetimes([1] * 50, []), 50) is None


def test_many_tests_at_once() -> None:
    p_values = [0.001, 0.012, 0.03, 0.04, 0.2]
    expected = [0.005, 0.03, 0.05, 0.05, 0.2]
    assert benjamini_hochberg(p_values) == pytest.approx(expected, rel=1e-12)
    assert benjamini_hochberg([0.04, None, 0.001, 0.2, 0.03, 0.012, None]) == [
        pytest.approx(0.05),
        None,
        pytest.approx(0.005),
        pytest.approx(0.2),
        pytest.approx(0.05),
        pytest.approx(0.03),
        None,
    ]
    assert benjamini_hochberg([0.9, 0.9, 0.8]) == [0.9, 0.9, 0.9]
    assert benjamini_hochberg([None]) == [None]


def test_phi() -> None:
    done_and_retained, done_only, retained_only, neither = 60, 40, 40, 160
    assert phi(done_and_retained, done_only, retained_only, neither) == pytest.approx(0.4)
    found = pearson([Group(100, 60), Group(200, 40)], 50)
    assert found.statistic == pytest.approx(48, abs=1e-9)
    assert found.p_value == pytest.approx(4.262e-12, rel=5e-4)
    assert phi(0, 0, 3, 4) is None


@pytest.mark.parametrize(
    ("q_value", "is_positive", "expected"),
    [
        (None, True, "not_enough_data"),
        (0.05, True, "no_difference_shown"),
        (0.0499, True, "above"),
        (0.0499, False, "below"),
    ],
)
def test_verdicts(q_value: float | None, is_positive: bool, expected: str) -> None:
    assert verdict(q_value, 0.05, is_positive, ("above", "below")) == expected
