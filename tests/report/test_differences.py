"""Differences between segments are said in words where a test supports them, and only there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page

from plg.marts import read_marts
from plg.report.differences import read_differences
from tests.harness import query
from tests.report.browser import State, texts

RATE = {
    "metric_id": "activation_rate",
    "item": "30",
    "segment_type": "install_source",
    "comparison": "one_value",
    "segment_value": "ads",
    "test_name": "chi_square",
    "group_count": 3,
    "user_count": 1200,
    "rate": 0.45,
    "other_rate": 0.32,
    "rate_difference": 0.13,
    "rate_difference_ci_lower": 0.026680,
    "rate_difference_ci_upper": 0.228004,
    "effect_size": 0.2,
    "q_value": 0.0138,
    "verdict": "above",
}
TIME = {
    "metric_id": "time_to_milestone",
    "item": "m1",
    "segment_type": "acquisition_type",
    "comparison": "one_value",
    "segment_value": "invited",
    "test_name": "log_rank",
    "group_count": 2,
    "user_count": 800,
    "hazard_ratio": 1.5,
    "hazard_ratio_ci_lower": 1.25,
    "hazard_ratio_ci_upper": 1.75,
    "q_value": 1e-9,
    "verdict": "above",
}


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty segment_tests, with the mart's columns."""
    columns = read_marts()["segment_tests"].columns
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.segment_tests "
            f"({', '.join(f'{name} {data_type}' for name, data_type in columns.items())})"
        )
        yield connection


def said(marts: duckdb.DuckDBPyConnection, *rows: dict[str, object]) -> list[str]:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        marts.execute(
            f"insert into marts.segment_tests ({', '.join(row)}) values ({marks})", [*row.values()]
        )
    return read_differences(lambda sql: marts.execute(sql).fetchall())


def test_a_rate_and_a_time_are_said_with_size_interval_and_chance(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    assert said(marts, RATE, TIME) == [
        "Activated within 30 days, install source ads: 45.0 % of 1,200 users, 32.0 % of the "
        "others: 13.0 points more (2.7 to 22.8), more than chance (q 0.014).",
        "Reaching m1, acquisition type invited (800 users): each day 1.50 times as likely as among "
        "the others (1.25 to 1.75), more than chance (q < 0.001).",
        "2 of 2 tests find a value that differs from the others of its segment by more than chance.",
    ]


def test_a_lower_rate_is_less(marts: duckdb.DuckDBPyConnection) -> None:
    lower = {
        "rate": 0.32, "other_rate": 0.45, "rate_difference": -0.13,
        "rate_difference_ci_lower": -0.228004, "rate_difference_ci_upper": -0.026680,
    }  # fmt: skip
    below = {**RATE, **lower, "verdict": "below", "metric_id": "retention_rate", "item": "day_7"}
    sentence = said(marts, below)[0]
    assert sentence.startswith("Back on day 7 after activation, install source ads: 32.0 % of")
    assert "13.0 points less (2.7 to 22.8)" in sentence


def test_an_interval_that_holds_0_starts_there(marts: duckdb.DuckDBPyConnection) -> None:
    near = {"rate_difference_ci_lower": -0.001, "rate_difference_ci_upper": 0.25}
    assert "(0.0 to 25.0)" in said(marts, {**RATE, **near})[0]


@pytest.mark.parametrize(
    ("verdict", "counted"),
    [
        ("no_difference_shown", "1 of 2 tests finds {words}."),
        (
            "not_enough_data",
            "1 of 1 tests finds {words}; for 1 more there is not enough data.",
        ),
        ("not_tested", "1 of 1 tests finds {words}."),
    ],
)
def test_nothing_is_said_without_a_test_that_supports_it(
    marts: duckdb.DuckDBPyConnection, verdict: str, counted: str
) -> None:
    unsupported = {**RATE, "verdict": verdict, "segment_value": "blog"}
    *sentences, last = said(marts, RATE, unsupported)
    assert len(sentences) == 1 and "install source ads" in sentences[0]
    words = "a value that differs from the others of its segment by more than chance"
    assert last == counted.format(words=words)


def test_without_a_difference_none_is_said(marts: duckdb.DuckDBPyConnection) -> None:
    assert said(marts, {**RATE, "verdict": "no_difference_shown"}) == [
        "None of 1 tests find a value that differs from the others of its segment by more than chance."
    ]


def test_without_enough_data_that_is_said(marts: duckdb.DuckDBPyConnection) -> None:
    (sentence,) = said(marts, {**RATE, "verdict": "not_enough_data"})
    assert sentence.startswith("Not enough data to compare segments")


def test_without_a_row_nothing_is_said(marts: duckdb.DuckDBPyConnection) -> None:
    assert said(marts) == []


def test_of_two_values_one_is_said(marts: duckdb.DuckDBPyConnection) -> None:
    """What is above for `invited` is below for `new`."""
    mirrored = {**TIME, "segment_value": "new", "verdict": "below", "hazard_ratio": 1 / 1.5}
    sentences = said(marts, TIME, mirrored)
    assert len(sentences) == 2 and "acquisition type invited" in sentences[0]


def test_the_largest_are_said(marts: duckdb.DuckDBPyConnection) -> None:
    rates = [
        {**RATE, "segment_value": f"r{size}", "effect_size": size / 10, "user_count": size}
        for size in (1, 3, 5, 2, 4)
    ]
    times = [
        {**TIME, "segment_value": f"t{ratio}", "hazard_ratio": ratio, "user_count": ratio * 10}
        for ratio in (1.1, 0.5, 1.9)
    ]
    *sentences, last = said(marts, *rates, *times)
    found = [re.search(r" ([rt][0-9.]+)[ :]", sentence)[1] for sentence in sentences]
    assert found == ["r5", "r4", "r3", "t0.5", "t1.9"]
    assert last.startswith("8 of 8 tests find")


def test_the_same_users_are_said_once(marts: duckdb.DuckDBPyConnection) -> None:
    """Who is invited came by referral: as many users, the same ones."""
    again = {**RATE, "segment_type": "acquisition_type", "segment_value": "invited"}
    another_item = {**RATE, "metric_id": "retention_rate", "item": "day_7"}
    sentences = said(marts, RATE, again, another_item)
    assert [sentence.partition(":")[0] for sentence in sentences[:-1]] == [
        "Activated within 30 days, acquisition type invited",
        "Back on day 7 after activation, install source ads",
    ]


def test_a_plan_that_may_follow_from_the_outcome_is_in_the_table_only(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    assert said(marts, {**RATE, "segment_type": "plan_tier"}) == [
        "1 of 1 tests finds a value that differs from the others of its segment by more than chance."
    ]


def test_the_card_shows_the_values_of_the_chosen_segment(
    sample_view: Page, sample_database: Path
) -> None:
    State().set(sample_view)
    (nothing,) = texts(sample_view, "#segment_tests .nothing")
    assert nothing.startswith("Choose a segment at the top of the page")
    State("plan_tier|enterprise").set(sample_view)
    rows = query(
        sample_database,
        "from marts.segment_tests where segment_type = 'plan_tier' and comparison = 'one_value' "
        "and metric_id = 'activation_rate' order by segment_value",
    )
    place = "#segment_tests .extra tbody td"
    assert texts(sample_view, f"{place}:nth-child(1)") == [row["segment_value"] for row in rows]
    assert texts(sample_view, f"{place}:nth-child(3)") == [
        f"{100 * row['rate']:.1f} %" for row in rows
    ]
    assert texts(sample_view, f"{place}:last-child") == [
        row["verdict"].replace("_", " ") for row in rows
    ]
