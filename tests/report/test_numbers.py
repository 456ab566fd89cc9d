"""What the charts, tiles and tables of the report say are the marts' numbers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from plg.report.data import DECIMALS
from tests.harness import query
from tests.report.browser import DRAWN, READER, State, texts
from tests.report.chart_queries import CHARTS, NUMBERS

STATES = [
    State(),
    State(grain="month"),
    State(grain="all", choices={"window_days": "7", "period_grain": "day"}),
    State("acquisition_type|invited", choices={"window_days": "1"}),
    State("install_source|paid_search", "month", {"cohort_anchor": "activation"}),
    State(
        "plan_tier|enterprise",
        choices={"period_grain": "day", "cohort_anchor": "activation", "window_days": "14"},
    ),
    State("plan_tier|unknown", "all"),
    State(choices={"period_grain": "month"}),
    State("acquisition_type|new", "month", {"period_grain": "bracket"}),
    State(choices={"period_grain": "on_or_after", "cohort_anchor": "activation"}),
]
# The others take too long for scripts/test; .ci/run reads them all.
SHORT_STATES = 5


def plain(value: Any) -> Any:
    """A date as the day that a reader sees, a text without the mark that keeps Vega from it."""
    if isinstance(value, datetime):
        return str(value.astimezone(READER).date())
    if isinstance(value, date):
        return str(value)
    return value.replace("\u2060", "") if isinstance(value, str) else value


def comparable(rows: list[dict[str, Any]], columns: dict[str, str]) -> list[dict[str, Any]]:
    """Only these columns, sorted by what names a row."""
    found = [{column: plain(row[column]) for column in columns} for row in rows]
    names = [column for column in columns if not NUMBERS.fullmatch(column)]
    return sorted(found, key=lambda row: [str(row[name]) for name in names])


def test_all_charts_are_compared(sample_view: Page) -> None:
    names = sample_view.evaluate("growthReport.charts.map((chart) => chart.name)")
    assert set(names) == {*CHARTS, "scorecard_weeks"}


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, marks=[] if place < SHORT_STATES else [pytest.mark.long])
        for place, state in enumerate(STATES)
    ],
    ids=str,
)
def test_charts_draw_the_numbers_of_the_marts(
    state: State, sample_view: Page, sample_database: Path
) -> None:
    State(choices={"window_days": "30", "period_grain": "week", "cohort_anchor": "signup"}).set(
        sample_view
    )
    state.set(sample_view)
    segment_type, segment_value = state.segment.split("|")
    chosen = sample_view.eval_on_selector_all(
        "[data-choice]", "(all) => all.map((one) => [...one.dataset.choice.split('.'), one.value])"
    )
    for name, chart in CHARTS.items():
        names = {"type": segment_type, "value": segment_value, "grain": state.grain}
        names |= {choice: value for mart, choice, value in chosen if name.startswith(f"{mart}.")}
        columns = ", ".join(f'{sql} as "{drawn}"' for drawn, sql in chart.columns.items())
        expected = query(sample_database, f"select {columns} {chart.source.format(**names)}")
        marks = sample_view.evaluate(DRAWN, name).get(chart.mark, [])
        found = comparable(marks, chart.columns)
        rows = comparable(expected, chart.columns)
        is_there = chart.segment_types is None or segment_type in chart.segment_types
        assert bool(rows) == is_there, f"{name} has nothing to draw in this state"
        assert len(found) == len(rows), name
        for drawn, row in zip(found, rows, strict=True):
            for column, value in row.items():
                # The page rounds what it does not divide itself.
                near = isinstance(value, float) and drawn[column] is not None
                wanted = pytest.approx(value, rel=0, abs=0.51 * 10**-DECIMALS) if near else value
                assert drawn[column] == wanted, f"{name}: {column} of {row}"


def test_tiles_and_tables_say_the_numbers_of_the_marts(
    sample_view: Page, sample_database: Path
) -> None:
    State().set(sample_view)
    latest = query(sample_database, "from marts.kpi_scorecard where is_latest order by metric_name")
    units = {"rate": lambda value: f"{100 * value:.1f} %", "days": lambda value: f"{value:.2f} d"}
    assert texts(sample_view, ".tile h4") == [row["metric_name"] for row in latest]
    assert texts(sample_view, ".tile .value") == [
        units.get(row["unit"], lambda value: f"{value:.2f}")(row["current_value"]) for row in latest
    ]
    assert [text[2:].replace(" ", "_") for text in texts(sample_view, ".tile .status")] == [
        {"met": "target_met"}.get(row["status"], row["status"]) for row in latest
    ]
    everybody = "where segment_type = 'all' and cohort_grain = 'all'"
    steps = query(
        sample_database,
        f"from marts.milestone_completion_by_cohort {everybody} "
        "and conversion_from_previous_rate is not null order by milestone_order",
    )
    place = "#milestone_completion_by_cohort .extra td"
    assert len(steps) == 3
    for number, written in (
        (2, [f"{row['previous_completed_user_count']:,}" for row in steps]),
        (5, [f"{100 * (1 - row['conversion_from_previous_rate']):.1f} %" for row in steps]),
    ):
        assert texts(sample_view, f"{place}:nth-child({number})") == written
    pairs = query(
        sample_database,
        f"from marts.milestone_velocity_by_cohort {everybody} order by from_milestone_id",
    )
    place = "#milestone_velocity_by_cohort .extra td"
    columns = [texts(sample_view, f"{place}:nth-child({number})") for number in (2, 3, 4)]
    reached, still_open, closed = ([int(text.replace(",", "")) for text in one] for one in columns)
    assert closed == [row["eligible_user_count"] for row in pairs]
    assert [*map(sum, zip(still_open, closed, strict=True))] == reached
    removed = query(
        sample_database, "from marts.data_quality_by_rule order by row_count desc, rule_name"
    )
    assert texts(sample_view, "#data_quality_by_rule td:nth-child(2)") == [
        f"{row['row_count']:,}" for row in removed
    ]


@pytest.mark.parametrize("segment", ["all|all", "plan_tier|unknown"])
def test_users_are_counted_by_the_milestone_that_comes_next(
    sample_view: Page, sample_database: Path, segment: str
) -> None:
    State(segment).set(sample_view)
    column, value = segment.split("|")
    days = "date_diff('day', last_active_date, date '2024-06-28')"
    rows = query(
        sample_database,
        f"select next_milestone_id as id, count(*) as users, count(activated_at) as activated, "
        f"count(*) filter (where {days} <= 6) as week, "
        f"count(*) filter (where {days} between 7 and 29) as month, "
        f"count(*) filter (where {days} > 29 or last_active_date is null) as earlier, "
        "count(*) filter (where not is_activated and not is_activation_window_closed) as open "
        f"from marts.users where {'true' if column == 'all' else f'{column} = $$' + value + '$$'} "
        "group by id order by id nulls last",
    )
    assert len(rows) == 5
    place = "#users .extra tbody td"
    names = [text.split()[0] for text in texts(sample_view, f"{place}:nth-child(1)")]
    assert names == [row["id"] or "none" for row in rows]
    for number, name in ((2, "users"), (4, "activated"), (5, "week"), (6, "month"), (7, "earlier")):
        shown = texts(sample_view, f"{place}:nth-child({number})")
        assert shown == [f"{row[name]:,}" for row in rows], name
    total = {name: sum(row[name] for row in rows) for name in ("users", "activated", "open")}
    shares = [f"{100 * row['users'] / total['users']:.1f} %" for row in rows]
    assert texts(sample_view, f"{place}:nth-child(3)") == shares
    (said,) = texts(sample_view, "#users .population")
    assert said.startswith(f"{total['users']:,} users, {total['activated']:,} of them activated.")
    assert f"Open: {total['open']:,} have not" in said


def test_tiles_say_how_far_a_value_is_certain(sample_view: Page, sample_database: Path) -> None:
    rows = query(sample_database, "from marts.kpi_scorecard where is_latest order by metric_name")
    said = texts(sample_view, ".tile > dl")
    for text, row in zip(said, rows, strict=True):
        assert f"users\n{row['user_count']}\n" in text
        low, high = (row[f"current_value_ci_{end}"] for end in ("lower", "upper"))
        range_ = "" if low is None else f"95 % range\n{100 * low:.1f} % to {100 * high:.1f} %"
        assert range_ in text and ("95 % range" in text) == bool(range_)
    assert sum("95 % range" in text for text in said) == 8
    changes = texts(sample_view, ".tile .change")
    assert sum(" noise (p " in text for text in changes) == 7
    assert changes[0].startswith(f"{100 * rows[0]['week_over_week_change']:+.1f} pp, ")


def test_the_interval_of_k_is_that_of_a_count(sample_view: Page) -> None:
    """Of 1,580 invited signups for 3,987 users. The score interval's ends are those k for which the
    count lies z standard deviations (the square root of its mean) from its mean."""
    State(grain="all").set(sample_view)
    (mark,) = sample_view.evaluate(DRAWN, "viral_coefficient_by_cohort.1")["symbol"]
    users, signups = mark["cohort_user_count"], mark["invited_signup_count"]
    for end in ("lower", "upper"):
        mean = mark[end] * users
        assert abs(signups - mean) / mean**0.5 == pytest.approx(1.959963984540054, rel=1e-12)
    assert mark["lower"] < mark["value"] < mark["upper"]


def test_what_is_open_is_drawn_apart(sample_view: Page, sample_database: Path) -> None:
    """Hollow: some who reached the first milestone still have time. Shaded: nobody's has ended."""
    State().set(sample_view)
    reached = query(
        sample_database,
        "select cohort_date, milestone_id, count(*) as user_count from "
        "intermediate.int_milestones_reached inner join (select user_key, cohort_week_date as "
        "cohort_date from intermediate.int_cohort_members where cohort_anchor = 'signup') "
        "using (user_key) group by all",
    )
    users = {(str(row["cohort_date"]), row["milestone_id"]): row["user_count"] for row in reached}
    marks = sample_view.evaluate(DRAWN, "milestone_velocity_by_cohort.1")["symbol"]
    hollow = 0
    for mark in marks:
        day = plain(mark["begins"])
        is_open = users[day, mark["from_milestone_id"]] > mark["eligible_user_count"]
        assert mark["is_open"] == is_open
        hollow += is_open
    assert 0 < hollow < len(marks)
    for name, closed in (
        ("activation_by_cohort.1", "eligible_user_count"),
        ("viral_coefficient_by_cohort.3", "cohort_user_count"),
        ("pql_conversion_by_cohort.1", "eligible_user_count"),
    ):
        for mark in sample_view.evaluate(DRAWN, name)["rect"]:
            assert mark["is_all_open"] == (mark[closed] == 0), name
