"""Statistics in SQL agree with scipy, statsmodels and lifelines, and with published figures."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from scipy import special, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    samplesize_proportions_2indep_onetail,
)

from tests.statistics.macros import Macros, days_of

Z = 1.959963984540054


@pytest.fixture(scope="module")
def macros(tmp_path_factory: pytest.TempPathFactory) -> Macros:
    return Macros(tmp_path_factory.mktemp("statistics"))


def close(found: float | None, expected: float, tolerance: float = 1e-9) -> bool:
    return found is not None and abs(found - expected) <= tolerance


def test_tails_of_chi_square(macros: Macros) -> None:
    statistics = [0.0, 1e-12, *np.geomspace(1e-6, 1300, 60), 5000.0]
    cases = [(float(x), degrees) for degrees in range(1, 20) for x in statistics]
    found = macros.values("tail", "statistic double, degrees bigint", cases)
    for (x, degrees), p in zip(cases, found, strict=True):
        assert close(p, stats.chi2.sf(x, degrees), 4e-15), (x, degrees)
        assert p <= 1
    for degrees in (1, 6):
        found = macros.values(f"tail_of_{degrees}", "statistic double", [[x] for x in statistics])
        for x, p in zip(statistics, found, strict=True):
            assert close(p, stats.chi2.sf(x, degrees), 4e-15), (x, degrees)


def test_a_statistic_that_is_null_has_no_p_value(macros: Macros) -> None:
    assert macros.values("tail", "statistic double, degrees bigint", [(None, None)]) == [None]
    assert macros.values("tail_of_1", "statistic double", [[None]]) == [None]


def test_quantiles_of_the_normal_distribution(macros: Macros) -> None:
    shares = [1e-300, *np.geomspace(1e-20, 0.07, 40), 0.075, *np.linspace(0.0751, 0.9999, 60)]
    shares += [1 - 1e-9, 1 - 1e-15]
    found = macros.values("quantile", "share double", [[float(p)] for p in shares])
    for p, z in zip(shares, found, strict=True):
        assert close(z, special.ndtri(p), 1e-14 * max(1, abs(special.ndtri(p)))), p
    for wrong in (0.0, 1.0, -0.5, 1.5, None):
        assert macros.values("quantile", "share double", [[wrong]]) == [None]


def random_groups(rng: random.Random, count: int) -> list[tuple[int, int]]:
    groups = []
    for _ in range(count):
        users = rng.choice([50, 51, 200, 5000, 1_000_000])
        groups.append((rng.randrange(users // 5, users - users // 5), users))
    return groups


def test_chi_square_of_several_groups(macros: Macros) -> None:
    rng = random.Random(1)
    tests = [random_groups(rng, rng.randrange(2, 21)) for _ in range(60)]
    cases = [(number, *group) for number, groups in enumerate(tests) for group in groups]
    found = macros.values("chi_square", "test integer, x bigint, n bigint", cases)
    for groups, statistic in zip(tests, found, strict=True):
        table = [[x for x, _ in groups], [n - x for x, n in groups]]
        expected = stats.chi2_contingency(table, correction=False)
        assert close(statistic, expected.statistic, 1e-9 * max(1, expected.statistic)), groups
    pairs = [(*groups[0], *groups[1]) for groups in tests]
    columns = "x1 bigint, n1 bigint, x2 bigint, n2 bigint"
    for pair, statistic in zip(
        pairs, macros.values("chi_square_of_two", columns, pairs), strict=True
    ):
        x1, n1, x2, n2 = pair
        expected = stats.chi2_contingency([[x1, x2], [n1 - x1, n2 - x2]], correction=False)
        assert close(statistic, expected.statistic, 1e-9 * max(1, expected.statistic)), pair


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param([(25, 100)], id="one group"),
        pytest.param([(25, 49), (30, 100)], id="49 users"),
        pytest.param([(0, 100), (9, 100)], id="4.5 conversions expected"),
        pytest.param([(100, 100), (91, 100)], id="4.5 others expected"),
        pytest.param([(0, 100), (0, 100)], id="nobody"),
        pytest.param([(100, 100), (100, 100)], id="everybody"),
    ],
)
def test_no_chi_square_without_enough_data(
    macros: Macros, groups: list[tuple[int, int]]
) -> None:
    cases = [(0, *group) for group in groups]
    assert macros.values("chi_square", "test integer, x bigint, n bigint", cases) == [None]


def test_five_expected_users_of_fifty_are_enough(macros: Macros) -> None:
    columns = "test integer, x bigint, n bigint"
    assert macros.values("chi_square", columns, [(0, 0, 50), (0, 10, 50)]) == [
        pytest.approx(100 / 9, abs=1e-12)
    ]


def test_interval_of_a_difference(macros: Macros) -> None:
    rng = random.Random(2)
    cases = [(0, 40, 40, 40), (40, 40, 0, 40), (1, 1, 0, 1), (0, 7, 0, 9)]
    for _ in range(200):
        n1, n2 = rng.randrange(1, 3000), rng.randrange(1, 300)
        cases.append((rng.randrange(n1 + 1), n1, rng.randrange(n2 + 1), n2))
    columns = "x1 bigint, n1 bigint, x2 bigint, n2 bigint"
    for case, interval in zip(cases, macros.rows("newcombe", columns, cases), strict=True):
        expected = confint_proportions_2indep(*case, method="newcomb", compare="diff")
        assert all(close(*pair, 1e-12) for pair in zip(interval, expected, strict=True)), case
    assert macros.rows("newcombe", columns, [(1, 2, 0, 0), (0, 0, 1, 2)]) == [(None, None)] * 2


def test_q_values(macros: Macros) -> None:
    rng = random.Random(3)
    families = {
        number: [round(rng.random() ** 3, rng.choice([1, 2, 9])) for _ in range(size)]
        for number, size in enumerate([1, 2, 5, 40, 200])
    }
    cases = [(number, p) for number, ps in families.items() for p in ps]
    expected = [q for ps in families.values() for q in multipletests(ps, method="fdr_bh")[1]]
    # Tests without a p-value stay out, wherever an engine sorts them.
    cases += [(number, None) for number in families]
    found = macros.values("q_values", "family integer, p double", cases)
    assert found[len(expected) :] == [None] * len(families)
    for (family, p), q, wanted in zip(cases, found, expected, strict=False):
        assert close(q, wanted, 1e-15), (family, p)
        assert p <= q <= 1
    one = [p for ps in families.values() for p in ps]
    found = macros.values("q_values_of_one_family", "p double", [[p] for p in one])
    for q, wanted in zip(found, multipletests(one, method="fdr_bh")[1], strict=True):
        assert close(q, wanted, 1e-15)


def risk_days(
    test: int, one: tuple[list[int], list[bool]], other: tuple[list[int], list[bool]]
) -> list[tuple[int, ...]]:
    """What the log-rank test adds up: for each day with an event, events and users at risk."""
    tables = [days_of(*one), days_of(*other)]
    rows = []
    for day in sorted({*tables[0], *tables[1]}):
        events = [table.get(day, (0, 0))[0] for table in tables]
        if sum(events):
            at_risk = [sum(1 for days in group[0] if days >= day) for group in (one, other)]
            rows.append((test, len(one[0]), len(other[0]), *events, *at_risk))
    return rows


LOG_RANK_COLUMNS = (
    "test integer, n1 bigint, n2 bigint, d1 bigint, d2 bigint, at_risk_1 bigint, at_risk_2 bigint"
)


def random_lives(rng: random.Random, users: int, hazard: float) -> tuple[list[int], list[bool]]:
    durations, is_event = [], []
    for _ in range(users):
        day, last = math.floor(rng.expovariate(hazard)), rng.randrange(40)
        durations.append(min(day, last))
        is_event.append(day <= last)
    return durations, is_event


def test_log_rank(macros: Macros) -> None:
    rng = random.Random(4)
    pairs = [
        (
            random_lives(rng, rng.choice([50, 80, 400]), rng.choice([0.02, 0.1, 0.5])),
            random_lives(rng, rng.choice([50, 90, 500]), rng.choice([0.02, 0.1, 0.5])),
        )
        for _ in range(30)
    ]
    cases = [row for number, pair in enumerate(pairs) for row in risk_days(number, *pair)]
    for (one, other), row in zip(pairs, macros.rows("log_rank", LOG_RANK_COLUMNS, cases), strict=True):
        expected, variance, statistic, ratio, lower, upper = row
        result = logrank_test(one[0], other[0], event_observed_A=one[1], event_observed_B=other[1])
        events = sum(one[1]) + sum(other[1])
        if min(expected, events - expected) < 5:
            assert (statistic, ratio, lower, upper) == (None,) * 4
            continue
        assert close(statistic, result.test_statistic, 1e-9 * max(1, result.test_statistic))
        surplus = (sum(one[1]) - expected) / variance
        assert close(math.log(ratio), surplus)
        assert close(math.log(lower), surplus - Z / math.sqrt(variance))
        assert close(math.log(upper), surplus + Z / math.sqrt(variance))


def test_log_rank_of_the_worked_example(macros: Macros) -> None:
    """Six users each, below what the mart asks for: so a hundred such pairs side by side.

    Users of one day are the same whether they come once or a hundred times, but for the variance:
    its n - 1 is that of the larger group.
    """
    one = [0, 1, 1, 3, 5, 6], [True, True, True, True, False, False]
    other = [1, 2, 4, 6, 6, 6], [True, False, True, False, False, False]
    (row,) = macros.rows("log_rank", LOG_RANK_COLUMNS, risk_days(0, one, other))
    assert close(row[0], 2.625541126) and close(row[1], 1.312161504)
    assert row[2:] == (None,) * 4
    result = logrank_test(one[0], other[0], event_observed_A=one[1], event_observed_B=other[1])
    assert close((4 - row[0]) ** 2 / row[1], result.test_statistic)
    assert close(result.test_statistic, 1.439713932) and close(result.p_value, 0.230185638)


def test_a_ratio_of_any_size_is_a_number(macros: Macros) -> None:
    """exp() of what these groups differ by is too large, and too close to 0, for some engines."""
    day = (50, 1_000_000, 10, 999_990, 50, 1_000_000)
    reversed_day = (1_000_000, 50, 999_990, 10, 1_000_000, 50)
    rows = macros.rows("log_rank", LOG_RANK_COLUMNS, [(0, *day), (1, *reversed_day)])
    assert 0 < rows[0][3] < 1e-300 and 1e300 < rows[1][3] < 1e305


def test_survival(macros: Macros) -> None:
    rng = random.Random(5)
    groups = [random_lives(rng, rng.randrange(1, 300), rng.choice([0.03, 0.3])) for _ in range(12)]
    cases, expected = [], []
    for number, (durations, is_event) in enumerate(groups):
        fitter = KaplanMeierFitter().fit(durations, is_event)
        for day, (events, censored) in sorted(days_of(durations, is_event).items()):
            at_risk = sum(1 for days in durations if days >= day)
            cases.append((number, day, events, censored, at_risk))
            interval = fitter.confidence_interval_.loc[day]
            expected.append((float(fitter.predict(day)), *map(float, interval)))
    columns = (
        "test integer, day_number bigint, event_count bigint, censored_count bigint, "
        "at_risk_count bigint"
    )
    for row, wanted in zip(macros.rows("kaplan_meier", columns, cases), expected, strict=True):
        assert close(row[0], wanted[0], 1e-12)
        # Where survival is 0 or 1, lifelines has no interval of its own.
        if 0 < wanted[0] < 1:
            assert close(row[1], wanted[1]) and close(row[2], wanted[2])
        else:
            assert row[1] == row[2] == row[0]


def test_users_that_a_test_needs(macros: Macros) -> None:
    columns = "p1 double, p2 double, level double, chance double"
    cases = [
        (p1, p1 * (1 + lift), level, chance)
        for p1 in (0.01, 0.05, 0.3, 0.5)
        for lift in (-0.4, -0.05, 0.1, 0.15, 0.9)
        for level in (0.01, 0.05)
        for chance in (0.5, 0.8, 0.95)
    ]
    for case, found in zip(cases, macros.values("required_users", columns, cases), strict=True):
        p1, p2, level, chance = case
        expected = samplesize_proportions_2indep_onetail(
            p2 - p1, p1, chance, alpha=level / 2, alternative="larger" if p2 > p1 else "smaller"
        )
        assert found == math.ceil(expected - 1e-9), case
    for impossible in [(0.0, 0.1), (0.6, 1.0), (0.2, 0.2), (0.9, 1.2)]:
        assert macros.values("required_users", columns, [(*impossible, 0.05, 0.8)]) == [None]


def test_published_figures(macros: Macros) -> None:
    """The reference material's two examples: a test of two rates, and a plan of one."""
    columns = "x1 bigint, n1 bigint, x2 bigint, n2 bigint"
    (statistic,) = macros.values("chi_square_of_two", columns, [(90, 200, 48, 150)])
    assert close(statistic, 6.065422477)
    # Their 0.02 comes from Yates's correction: 0.0187.
    assert close(macros.values("tail_of_1", "statistic double", [[statistic]])[0], 0.013785377)
    columns = "test integer, x bigint, n bigint"
    (statistic,) = macros.values("chi_square", columns, [(0, 90, 200), (0, 48, 150), (0, 60, 120)])
    assert close(statistic, 10.037767380)
    (p,) = macros.values("tail", "statistic double, degrees bigint", [(statistic, 2)])
    assert close(p, 0.006611904)
    columns = "p1 double, p2 double, level double, chance double"
    assert macros.values("required_users", columns, [(0.05, 0.0575, 0.05, 0.8)]) == [14193]
