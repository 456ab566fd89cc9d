"""What the charts, tiles and tables of the report say are the marts' numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from plg.report.data import DECIMALS
from tests.harness import query
from tests.report.browser import DRAWN, READER, State, texts

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
DAYS = "{} / 86400"
NUMBERS = re.compile("value|lower|upper|.*_count|.*_factor|dau|mau")


@dataclass(frozen=True)
class Drawn:
    """Which rows of the marts a figure has to draw with a kind of mark.

    Attributes:
        mark: Vega's kind of mark.
        columns: names in the rows of the chart, and what they are in the mart, in SQL.
        source: a query on the marts that gives `columns`; the state fills in its names.
        segment_types: those that the mart has; None where it has all.
    """

    mark: str
    columns: dict[str, str]
    source: str
    segment_types: tuple[str, ...] | None = None


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def rate(name: str, *, interval: bool = True) -> dict[str, str]:
    ends = {"lower": f"{name}_ci_lower", "upper": f"{name}_ci_upper"} if interval else {}
    return {"value": name, **ends}


def several(mart: str, where: str, date_column: str, columns: dict[str, str]) -> str:
    """A row for each of these columns, with its name as `series`."""
    return "from (" + " union all ".join(
        f"select {date_column}, '{name}' as series, {column} as value "
        f"from marts.{mart} where {where} and {column} is not null"
        for name, column in columns.items()
    ) + ")"  # fmt: skip


COHORTS = "segment_type = '{type}' and segment_value = '{value}' and cohort_grain = '{grain}'"
SEGMENT = "segment_type = '{type}' and segment_value = '{value}'"
ALL_COHORTS = f"{SEGMENT} and cohort_grain = 'all'"
COHORT = {"begins": "cohort_date"}
SERIES = same("series", "value")
WINDOW = "window_days = {window_days}"
FUNNEL = "funnel_id = '{funnel_id}' and conversion_from_entry_rate is not null"
STEP = "step_number || ' ' || step_name || case when is_optional then ' (optional)' else '' end"
UNITS = "unit_type = '{unit_type}'"
UNITS_SCORED = f"{UNITS} and scheme = '{{scheme}}'"
TENTHS = f"{UNITS_SCORED} and snapshot_set = '{{snapshot_set}}' and bin_type = 'decile' "
TENTHS += "and snapshot_age_days = {snapshot_age_days}"
IS_LEAD = f"from marts.pql_score_history where {UNITS_SCORED} and is_lead"
MILESTONE = "milestone_id || ' ' || (select any_value(definition) from staging.stg_milestones as "
MILESTONE += "defined where defined.milestone_id = mart.milestone_id)"
CHARTS = {
    "activation_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("activation_rate"),
            **same("signup_count", "eligible_user_count", "activated_user_count"),
        },
        f"from marts.activation_by_cohort where {COHORTS} and {WINDOW} "
        "and activation_rate is not null",
    ),
    "activation_by_cohort.2": Drawn(
        "rect",
        {**COHORT, **SERIES},
        several(
            "activation_by_cohort", f"{COHORTS} and {WINDOW}", "cohort_date",
            {
                "window closed": "eligible_user_count",
                "still open": "(signup_count - eligible_user_count)",
            },
        ),
    ),
    "milestone_completion_by_cohort.1": Drawn(
        "rect",
        {
            "series": MILESTONE, **rate("completion_rate"),
            **same(
                "milestone_id", "completed_user_count", "eligible_user_count",
                "previous_completed_user_count", "completed_both_user_count",
            ),
        },
        f"from marts.milestone_completion_by_cohort as mart where {ALL_COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_completion_by_cohort.2": Drawn(
        "symbol",
        {**COHORT, "series": MILESTONE, "value": "completion_rate", **same("eligible_user_count")},
        f"from marts.milestone_completion_by_cohort as mart where {COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_velocity_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, "series": "from_milestone_id || ' to ' || to_milestone_id",
            "value": DAYS.format("median_seconds"), **same("eligible_user_count"),
        },
        f"from marts.milestone_velocity_by_cohort where {COHORTS} and median_seconds is not null",
    ),
    "time_to_first_value_curve.1": Drawn(
        "symbol",
        {
            **same(
                "segment_value", "day_number", "at_risk_count", "event_count", "censored_count"
            ),
            "value": "survival_probability", "lower": "survival_ci_lower",
            "upper": "survival_ci_upper",
        },
        "from marts.time_to_first_value_curve where segment_type = '{type}' and at_risk_count > 0",
    ),
    "milestone_survival_curve.1": Drawn(
        "symbol",
        {
            **same(
                "segment_value", "day_number", "at_risk_count", "event_count", "censored_count"
            ),
            "value": "survival_probability", "lower": "survival_ci_lower",
            "upper": "survival_ci_upper",
        },
        "from marts.milestone_survival_curve where segment_type = '{type}' "
        "and milestone_id = '{milestone_id}' and at_risk_count > 0",
    ),
    "time_to_first_value_by_cohort.1": Drawn(
        "symbol",
        {**COHORT, **SERIES},
        several(
            "time_to_first_value_by_cohort", COHORTS, "cohort_date",
            {
                "median": "median_time_to_first_value_seconds / 86400",
                "three of four": "p75_time_to_first_value_seconds / 86400",
                "nine of ten": "p90_time_to_first_value_seconds / 86400",
            },
        ),
    ),
    "retention_by_cohort.1": Drawn(
        "rect",
        {
            **COHORT, "value": "retention_rate",
            **same(
                "period_number", "period_start_day", "period_end_day", "cohort_user_count",
                "eligible_user_count", "retained_user_count",
            ),
            "place_label": "case period_grain when 'bracket' then period_start_day || '–' || "
            "period_end_day else cast(period_number as varchar) end",
        },
        f"from marts.retention_by_cohort where {COHORTS} and cohort_anchor = '{{cohort_anchor}}' "
        "and period_grain = '{period_grain}' and retention_rate is not null",
    ),
    "retention_by_cohort.2": Drawn(
        "symbol",
        {
            "series": "cohort_anchor", **rate("retention_rate"),
            **same("period_number", "period_start_day", "period_end_day", "eligible_user_count"),
        },
        f"from marts.retention_by_cohort where {ALL_COHORTS} and period_grain = '{{period_grain}}' "
        "and retention_rate is not null",
    ),
    "growth_accounting_by_week.1": Drawn(
        "rect",
        {"begins": "week_start_date", **SERIES},
        several(
            "growth_accounting_by_week", SEGMENT, "week_start_date",
            {
                kind: f"{kind}_user_count"
                for kind in ("new", "retained", "resurrected", "churned")
            },
        ),
    ),
    "active_users_by_day.1": Drawn(
        "symbol",
        {"begins": "activity_date", **SERIES},
        several(
            "active_users_by_day", SEGMENT, "activity_date",
            {measure: measure for measure in ("dau", "wau", "mau")},
        ),
    ),
    "active_users_by_day.2": Drawn(
        "symbol",
        {"begins": "activity_date", "value": "stickiness_rate", **same("dau", "mau")},
        f"from marts.active_users_by_day where {SEGMENT} and stickiness_rate is not null",
    ),
    "viral_coefficient_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, "value": "k_factor",
            **same("activated_k_factor", "invited_signup_count", "cohort_user_count"),
        },
        f"from marts.viral_coefficient_by_cohort where {COHORTS} and k_factor is not null",
    ),
    "viral_coefficient_by_cohort.2": Drawn(
        "symbol",
        {**COHORT, **SERIES},
        several(
            "viral_coefficient_by_cohort", COHORTS, "cohort_date",
            {
                "i: invitations per user": "invitations_per_user",
                "c: signups per invitation": "invitation_conversion_rate",
            },
        ),
    ),
    "viral_coefficient_by_cohort.3": Drawn(
        "symbol",
        {
            **COHORT, "value": DAYS.format("median_viral_cycle_seconds"),
            **same("invited_signup_count"),
        },
        f"from marts.viral_coefficient_by_cohort where {COHORTS} "
        "and median_viral_cycle_seconds is not null",
    ),
    "pql_conversion_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("pql_conversion_rate", interval=False),
            **same("pql_user_count", "activated_user_count"),
        },
        f"from marts.pql_conversion_by_cohort where {COHORTS} and pql_conversion_rate is not null",
    ),
    "funnel_conversion_by_cohort.1": Drawn(
        "rect",
        {
            "series": STEP, **rate("conversion_from_entry_rate"),
            **same("previous_user_count", "reached_user_count", "eligible_user_count"),
            "median_days_from_entry": DAYS.format("median_seconds_from_entry"),
        },
        f"from marts.funnel_conversion_by_cohort where {ALL_COHORTS} and {FUNNEL}",
    ),
    "funnel_conversion_by_cohort.3": Drawn(
        "symbol",
        {
            **COHORT, "series": STEP, "value": "conversion_from_entry_rate",
            **same("previous_user_count"),
        },
        f"from marts.funnel_conversion_by_cohort where {COHORTS} and {FUNNEL}",
    ),
    "event_transitions.1": Drawn(
        "rect",
        {
            "series": "to_event_name", **rate("transition_rate"),
            **same("transition_user_count", "eligible_user_count"),
        },
        f"from marts.event_transitions where {SEGMENT} "
        "and from_event_name = '{from_event_name}' and transition_user_count > 0",
        segment_types=("all", "acquisition_type"),
    ),
    "handoff_outcomes_by_week.1": Drawn(
        "symbol",
        {"begins": "week_start_date", **SERIES},
        several(
            "handoff_outcomes_by_week", "true", "week_start_date",
            {
                "converted": "handoff_conversion_rate",
                "not, in 4 weeks": "trailing_false_discovery_rate",
            },
        ),
    ),
    "pql_rate_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("pql_rate"),
            **same("unit_count", "eligible_unit_count", "reached_unit_count"),
        },
        f"from marts.pql_rate_by_cohort where {COHORTS} and {UNITS_SCORED} "
        "and pql_rate is not null",
    ),
    # Leads at the end of each week in which one came or left.
    "pql_score_history.1": Drawn(
        "symbol",
        {"begins": "sunday", **same("value")},
        f"from (select sunday, (select count(*) {IS_LEAD} and valid_from_date <= sunday "
        "and coalesce(valid_until_date > sunday, true)) as value "
        "from (select distinct cast(date_trunc('week', day) as date) + 6 as sunday "
        f"from (select unnest([valid_from_date, valid_until_date]) as day {IS_LEAD}) "
        "where day is not null))",
    ),
    "pql_calibration_by_bin.1": Drawn(
        "symbol",
        {
            **rate("conversion_rate"),
            **same("bin_number", "eligible_unit_count", "converted_unit_count"),
        },
        f"from marts.pql_calibration_by_bin where {TENTHS} and conversion_rate is not null",
    ),
    "pql_calibration_by_bin.2": Drawn(
        "symbol",
        {"value": "cumulative_recall_rate", **same("bin_number")},
        f"from marts.pql_calibration_by_bin where {TENTHS}",
    ),
    "pql_drift_by_week.1": Drawn(
        "symbol",
        {"begins": "week_start_date", "series": "scheme", "value": "psi"},
        f"from marts.pql_drift_by_week where {UNITS} and psi is not null",
    ),
    "pql_drift_by_week.2": Drawn(
        "symbol",
        {"begins": "week_start_date", "series": "scheme", "value": "mean_score"},
        f"from marts.pql_drift_by_week where {UNITS} and mean_score is not null",
    ),
}  # fmt: skip


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
