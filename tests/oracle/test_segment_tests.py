"""Tests of differences between segments, on examples worked out by hand."""

from __future__ import annotations

from itertools import count

import pytest

from tests.oracle.funnels import segment_tests
from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.small_funnels import START, WATCHED, clock, column, done, funnel, interval
from tests.oracle.small_world import HOUR, MOMENT, Observe, event, user


def rows_by_value(population: Population, metric_id: str, segment_type: str) -> dict[str, Row]:
    return {
        row["segment_value"]: row
        for row in segment_tests(population)
        if (row["metric_id"], row["segment_type"]) == (metric_id, segment_type)
    }


def world_of_sources(
    counts: dict[str, tuple[int, int]], event_name: str = "B"
) -> dict[str, list[Row]]:
    """By install_source: how many users there are, and how many of them go on."""
    numbers = count()
    users, events = [], []
    for source, (size, achieved) in counts.items():
        for place in range(size):
            user_id = f"{source}{place}"
            users.append(user(user_id, START, install_source=source))
            events.append(event(next(numbers), clock(1), user_id, event_name="A"))
            if place < achieved:
                events.append(event(next(numbers), clock(2), user_id, event_name=event_name))
    return {"users": users, "events": events}


def test_three_sources(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")},
        variables=WATCHED,
        **world_of_sources({"a": (200, 90), "b": (150, 48), "c": (120, 60), "d": (49, 40)}),
    )
    rows = rows_by_value(population, "funnel_conversion_rate", "install_source")
    together = rows.pop("all")
    assert together["comparison"] == "all_values"
    assert (together["user_count"], together["event_count"]) == (470, 198)
    assert together["statistic"] == pytest.approx(10.037767380, abs=1e-9)
    assert together["degrees_of_freedom"] == 2
    assert together["p_value"] == pytest.approx(0.006611904, abs=1e-9)
    assert together["effect_size"] == pytest.approx(0.146140, abs=1e-6)
    assert together["rate"] is together["other_user_count"] is None
    assert set(column(list(rows.values()), "group_count")) == {3}
    assert rows["a"]["p_value"] == pytest.approx(0.277734631, abs=1e-9)
    assert (rows["a"]["other_user_count"], rows["a"]["other_event_count"]) == (270, 108)
    # Too few users: compared with all that are tested, and not tested.
    assert (rows["d"]["other_user_count"], rows["d"]["statistic"]) == (470, None)
    assert rows["d"]["verdict"] == "not_enough_data"
    assert rows["d"]["rate_difference"] > 0


def test_two_sources(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")},
        variables=WATCHED,
        **world_of_sources({"a": (200, 90), "b": (150, 48)}),
    )
    rows = rows_by_value(population, "funnel_conversion_rate", "install_source")
    statistics = {value: row["statistic"] for value, row in rows.items()}
    assert statistics == dict.fromkeys(["a", "b", "all"], pytest.approx(6.065422477, abs=1e-9))
    assert interval(rows["a"], "rate_difference") == pytest.approx(
        [0.13, 0.026680, 0.228004], abs=1e-6
    )
    assert rows["a"]["effect_size"] == pytest.approx((6.065422477 / 350) ** 0.5, abs=1e-9)
    # Two p-values of 0.0138 are a family: q is the same.
    assert {value: row["verdict"] for value, row in rows.items()} == {
        "a": "above",
        "b": "below",
        "all": "differs",
    }
    # Of plan_tier and acquisition_type there is one value, which has nobody to be compared with.
    (alone, of_all) = rows_by_value(population, "funnel_conversion_rate", "plan_tier").values()
    assert (alone["segment_value"], alone["other_user_count"]) == ("unknown", 0)
    assert (alone["other_rate"], alone["rate_difference"], alone["statistic"]) == (None,) * 3
    assert (of_all["user_count"], of_all["statistic"]) == (350, None)


def test_the_twenty_largest_are_tested(population_of_rows: Observe) -> None:
    sizes = {f"s{number:02}": (50 + number // 2, 20) for number in range(22)}
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")}, variables=WATCHED, **world_of_sources(sizes)
    )
    rows = rows_by_value(population, "funnel_conversion_rate", "install_source")
    assert rows["all"]["degrees_of_freedom"] == 19
    # Those of 50 users are the smallest; of equal ones, the first in byte order are tested.
    untested = [value for value, row in rows.items() if row["verdict"] == "not_tested"]
    assert untested == ["s00", "s01"]
    assert rows["s00"]["other_user_count"] == sum(size for size, _ in sizes.values()) - 100


def test_log_rank_of_sources(population_of_rows: Observe) -> None:
    """Whoever has a milestone has it on day 0: half of one source, a tenth of the other."""
    milestones = "m,sentence,1,7d,B,1,default,true,true,1,,\n"
    population = population_of_rows(
        seeds={"funnels": "", "milestones": milestones},
        variables=WATCHED,
        **world_of_sources({"a": (100, 50), "b": (100, 10), "c": (20, 2)}),
    )
    for metric_id in ("time_to_first_value", "time_to_milestone"):
        rows = rows_by_value(population, metric_id, "install_source")
        assert rows.keys() == {"a", "b", "c"}
        # 30 of 60 events are expected; V = 100·100·60·140 / (200²·199).
        variance = 100 * 100 * 60 * 140 / (200 * 200 * 199)
        assert rows["a"]["statistic"] == pytest.approx(20**2 / variance, rel=1e-12)
        assert rows["b"]["statistic"] == pytest.approx(rows["a"]["statistic"], rel=1e-12)
        assert rows["a"]["hazard_ratio"] == pytest.approx(2.718281828 ** (20 / variance), rel=1e-6)
        assert (rows["a"]["verdict"], rows["b"]["verdict"]) == ("above", "below")
        assert rows["a"]["is_material"] and rows["b"]["is_material"]
        assert (rows["c"]["other_user_count"], rows["c"]["other_event_count"]) == (200, 60)
        assert (rows["c"]["hazard_ratio"], rows["c"]["verdict"]) == (None, "not_enough_data")
        assert rows["a"]["rate"] is rows["a"]["effect_size"] is None


def test_users_before_observed_from_are_in_no_test(population_of_rows: Observe) -> None:
    world = done(u1=[("A", clock(1))])
    world["users"].append(user("u2", START + HOUR))
    for observed_from, expected in ((START, 2), (START + MOMENT, 1), (START + 2 * HOUR, 0)):
        population = population_of_rows(
            seeds={"funnels": funnel("", "A")},
            variables=WATCHED | {"observed_from": observed_from.isoformat()},
            **world,
        )
        for metric_id in ("time_to_first_value", "activation_rate", "funnel_conversion_rate"):
            rows = rows_by_value(population, metric_id, "plan_tier")
            counts = {row["user_count"] for row in rows.values() if row["segment_value"] != "all"}
            assert counts == ({expected} if expected else set())


def test_what_segment_tests_count(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")},
        variables=WATCHED | {"activation_windows_days": [3, 60, 14]},
        **done(u=[("A", clock(1))]),
    )
    items = {(row["metric_id"], row["item"]) for row in segment_tests(population)}
    milestones = {f"m{number}" for number in range(1, 5)}
    # Nobody is activated, so nobody can be retained.
    assert items == {
        ("activation_rate", "60"),
        ("funnel_conversion_rate", "f"),
        ("time_to_first_value", "all"),
        *(("milestone_completion_rate", name) for name in milestones),
        *(("time_to_milestone", name) for name in milestones),
    }


def test_nobody_has_no_rows(population_of_rows: Observe) -> None:
    assert segment_tests(population_of_rows(users=[], events=[])) == []
