"""The growth report in a real browser: what its charts draw are the marts' numbers.

Needs Chromium (Debian's package `chromium`), on the PATH or named by PLG_CHROMIUM; without one, the
tests of this file are left out. `.ci/run` installs it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from plg.report.data import DECIMALS, TABLES
from plg.report.page import write_report
from tests.harness import build, query

CHROMIUM = os.environ.get("PLG_CHROMIUM") or shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="there is no Chromium: install Debian's package chromium"
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READER = ZoneInfo("America/Los_Angeles")
MOST_BYTES = 3_000_000
# What is drawn, by the kind of mark: the rows behind the marks of a chart.
DRAWN = """
    async (name) => {
        const report = window.growthReport;
        await report.drawAll();
        const chart = report.charts.find((other) => other.name === name);
        const found = {};
        const visit = (item) => {
            if (item.datum && item.mark && item.mark.role === "mark") {
                (found[item.mark.marktype] ??= []).push(item.datum);
            }
            (item.items ?? []).forEach(visit);
        };
        if (chart.view && !chart.place.closest("[hidden]")) visit(chart.view.scenegraph().root);
        return found;
    }
"""


def write_page(database: Path, file: Path) -> Path:
    with duckdb.connect(str(database), read_only=True) as connection:
        comments = dict(
            connection.execute(
                "select table_name, comment from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        )
        write_report(lambda sql: connection.execute(sql).fetchall(), comments.__getitem__, file)
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path, width: int = 1440) -> Iterator[Page]:
    """The page, opened from disk far west of UTC; fails at the end if it complained or asked."""
    context = browser.new_context(viewport={"width": width, "height": 900}, timezone_id=READER.key)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on(
        "request",
        lambda request: request.url == file.as_uri() or complaints.append(f"asks {request.url}"),
    )
    page.goto(file.as_uri())
    page.wait_for_function("window.growthReport")
    page.evaluate("growthReport.drawAll()")
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def sample_page(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(sample_database, tmp_path_factory.mktemp("report") / "index.html")


def select_segment(page: Page, kind: str, value: str) -> None:
    place = page.evaluate(
        "([kind, value]) => growthReport.segments.findIndex("
        "(one) => one[0] === kind && one[1] === value)",
        [kind, value],
    )
    page.select_option("#segment", str(place))


@dataclass(frozen=True)
class State:
    """A state of the filters, as a reader sets them; choices are those of single cards."""

    segment: str = "all|all"
    grain: str = "week"
    choices: dict[str, str] = field(default_factory=dict)

    def set(self, page: Page) -> None:
        select_segment(page, *self.segment.split("|"))
        page.select_option("#grain", self.grain)
        for choice, value in self.choices.items():
            page.select_option(f'[data-choice="{choice}"]', value)

    def __str__(self) -> str:
        return " ".join([self.segment, self.grain, *self.choices.values()])


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
]
DAYS = "{} / 86400"
NUMBERS = ("_count", "_rate", "_lower", "_upper", "_factor", "_probability", "days")


@dataclass(frozen=True)
class Drawn:
    """Which rows of the marts a chart has to draw with a kind of mark.

    Attributes:
        mark: Vega's kind of mark.
        columns: columns of the marts, and their names in the chart where they have others.
        source: a query on the marts that gives `columns`; the state fills in its names.
    """

    mark: str
    columns: dict[str, str]
    source: str


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


COHORTS = "segment_type = '{type}' and segment_value = '{value}' and cohort_grain = '{grain}'"
SEGMENT = "segment_type = '{type}' and segment_value = '{value}'"
ALL_COHORTS = f"{SEGMENT} and cohort_grain = 'all'"
CHARTS = {
    "activation_rate": Drawn(
        "symbol",
        same(
            "cohort_date", "signup_count", "eligible_user_count", "activated_user_count",
            "activation_rate", "activation_rate_ci_lower", "activation_rate_ci_upper",
        ),
        f"from marts.activation_by_cohort where {COHORTS} and window_days = {{window_days}} "
        "and activation_rate is not null",
    ),
    "cohort_sizes": Drawn(
        "rect",
        {**same("cohort_date", "user_count"), "window": "state"},
        "from (select cohort_date, 'closed' as state, eligible_user_count as user_count from "
        f"marts.activation_by_cohort where {COHORTS} and window_days = {{window_days}} union all "
        "select cohort_date, 'still open', signup_count - eligible_user_count from "
        f"marts.activation_by_cohort where {COHORTS} and window_days = {{window_days}})",
    ),
    "milestone_ladder": Drawn(
        "rect",
        same(
            "milestone_id", "completion_rate", "completion_rate_ci_lower",
            "completion_rate_ci_upper", "completed_user_count", "eligible_user_count",
            "conversion_from_previous_rate", "previous_completed_user_count",
        ),
        f"from marts.milestone_completion_by_cohort where {ALL_COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_completion": Drawn(
        "symbol",
        same("cohort_date", "milestone_id", "completion_rate", "eligible_user_count"),
        f"from marts.milestone_completion_by_cohort where {COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_velocity": Drawn(
        "symbol",
        {
            **same("cohort_date", "from_milestone_id", "to_milestone_id", "eligible_user_count"),
            "days": DAYS.format("median_seconds"),
        },
        f"from marts.milestone_velocity_by_cohort where {COHORTS} and median_seconds is not null",
    ),
    "first_value_curve": Drawn(
        "symbol",
        same(
            "segment_value", "day_number", "survival_probability", "survival_ci_lower",
            "survival_ci_upper", "at_risk_count", "event_count", "censored_count",
        ),
        "from marts.time_to_first_value_curve where segment_type = '{type}' and at_risk_count > 0",
    ),
    "first_value_times": Drawn(
        "symbol",
        same("cohort_date", "quantile", "days", "reached_user_count"),
        "from (" + " union all ".join(
            f"select cohort_date, '{name}' as quantile, {DAYS.format(column)} as days, "
            f"reached_user_count from marts.time_to_first_value_by_cohort where {COHORTS} "
            f"and {column} is not null"
            for name, column in (
                ("median", "median_time_to_first_value_seconds"),
                ("three of four", "p75_time_to_first_value_seconds"),
                ("nine of ten", "p90_time_to_first_value_seconds"),
            )
        ) + ")",
    ),
    "retention_cells": Drawn(
        "rect",
        same(
            "cohort_date", "period_number", "cohort_user_count", "eligible_user_count",
            "retained_user_count", "retention_rate",
        ),
        f"from marts.retention_by_cohort where {COHORTS} and cohort_anchor = '{{cohort_anchor}}' "
        "and period_grain = '{period_grain}' and retention_rate is not null",
    ),
    "retention_curves": Drawn(
        "symbol",
        same(
            "cohort_anchor", "period_number", "retention_rate", "retention_rate_ci_lower",
            "retention_rate_ci_upper", "eligible_user_count",
        ),
        f"from marts.retention_by_cohort where {ALL_COHORTS} and period_grain = '{{period_grain}}' "
        "and retention_rate is not null",
    ),
    "growth_accounting": Drawn(
        "rect",
        same("week_start_date", "kind", "user_count"),
        "from (" + " union all ".join(
            f"select week_start_date, '{kind}' as kind, {kind}_user_count as user_count "
            f"from marts.growth_accounting_by_week where {SEGMENT}"
            for kind in ("new", "retained", "resurrected", "churned")
        ) + ")",
    ),
    "active_users": Drawn(
        "symbol",
        same("activity_date", "measure", "user_count"),
        "from (" + " union all ".join(
            f"select activity_date, '{measure}' as measure, {measure} as user_count "
            f"from marts.active_users_by_day where {SEGMENT}"
            for measure in ("dau", "wau", "mau")
        ) + ")",
    ),
    "stickiness": Drawn(
        "symbol",
        same("activity_date", "stickiness_rate", "dau", "mau"),
        f"from marts.active_users_by_day where {SEGMENT} and stickiness_rate is not null",
    ),
    "viral_coefficient": Drawn(
        "symbol",
        same(
            "cohort_date", "k_factor", "activated_k_factor", "invited_signup_count",
            "cohort_user_count",
        ),
        f"from marts.viral_coefficient_by_cohort where {COHORTS} and k_factor is not null",
    ),
    "viral_parts": Drawn(
        "symbol",
        same("cohort_date", "factor", "value"),
        "from (" + " union all ".join(
            f"select cohort_date, '{name}' as factor, {column} as value "
            f"from marts.viral_coefficient_by_cohort where {COHORTS} and {column} is not null"
            for name, column in (
                ("i: invitations per user", "invitations_per_user"),
                ("c: signups per invitation", "invitation_conversion_rate"),
            )
        ) + ")",
    ),
    "viral_cycle": Drawn(
        "symbol",
        {
            **same("cohort_date", "invited_signup_count"),
            "days": DAYS.format("median_viral_cycle_seconds"),
        },
        f"from marts.viral_coefficient_by_cohort where {COHORTS} "
        "and median_viral_cycle_seconds is not null",
    ),
    "pql_conversion": Drawn(
        "symbol",
        same("cohort_date", "pql_conversion_rate", "pql_user_count", "activated_user_count"),
        f"from marts.pql_conversion_by_cohort where {COHORTS} and pql_conversion_rate is not null",
    ),
}  # fmt: skip


def comparable(rows: list[dict[str, Any]], columns: dict[str, str]) -> list[dict[str, Any]]:
    """Only these columns, dates as the days that a reader sees, and sorted by what names a row."""
    plain = [
        {
            column: str(row[column].astimezone(READER).date())
            if isinstance(row[column], datetime)
            else str(row[column])
            if isinstance(row[column], date)
            else row[column]
            for column in columns
        }
        for row in rows
    ]
    names = [
        column
        for column in columns
        if column.endswith("_number") or not column.endswith(NUMBERS) and column not in ("value",)
    ]
    return sorted(plain, key=lambda row: [str(row[name]) for name in names])


@pytest.fixture(scope="module")
def sample_view(browser: Browser, sample_page: Path) -> Iterator[Page]:
    with opened(browser, sample_page) as page:
        yield page


@pytest.mark.parametrize("state", STATES, ids=str)
def test_charts_draw_the_numbers_of_the_marts(
    state: State, sample_view: Page, sample_database: Path
) -> None:
    state.set(sample_view)
    segment_type, segment_value = state.segment.split("|")
    names = {
        "type": segment_type, "value": segment_value, "grain": state.grain,
        **{
            name: sample_view.eval_on_selector(f'[data-choice="{name}"]', "select => select.value")
            for name in ("window_days", "period_grain", "cohort_anchor")
        },
    }  # fmt: skip
    for name, chart in CHARTS.items():
        columns = ", ".join(f'{sql} as "{drawn}"' for drawn, sql in chart.columns.items())
        expected = query(sample_database, f"select {columns} {chart.source.format(**names)}")
        marks = sample_view.evaluate(DRAWN, name).get(chart.mark, [])
        found = comparable(marks, chart.columns)
        rows = comparable(expected, chart.columns)
        assert rows, f"{name} has nothing to draw in this state"
        assert len(found) == len(rows), name
        for drawn, row in zip(found, rows, strict=True):
            for column, value in row.items():
                # The page rounds what it does not divide itself.
                near = isinstance(value, float) and drawn[column] is not None
                wanted = pytest.approx(value, rel=0, abs=0.51 * 10**-DECIMALS) if near else value
                assert drawn[column] == wanted, f"{name}: {column} of {row}"


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def test_tiles_and_tables_say_the_numbers_of_the_marts(
    sample_view: Page, sample_database: Path
) -> None:
    latest = query(sample_database, "from marts.kpi_scorecard where is_latest order by metric_name")
    units = {"rate": lambda value: f"{100 * value:.1f} %", "days": lambda value: f"{value:.2f} d"}
    assert texts(sample_view, ".tile h4") == [row["metric_name"] for row in latest]
    assert texts(sample_view, ".tile .value") == [
        units.get(row["unit"], lambda value: f"{value:.2f}")(row["current_value"]) for row in latest
    ]
    assert [text[2:].replace(" ", "_") for text in texts(sample_view, ".tile .status")] == [
        {"met": "target_met"}.get(row["status"], row["status"]) for row in latest
    ]
    removed = query(
        sample_database, "from marts.data_quality_by_rule order by row_count desc, rule_name"
    )
    assert texts(sample_view, "#removed_rows td:nth-child(2)") == [
        f"{row['row_count']:,}" for row in removed
    ]
    leads = query(
        sample_database,
        "select user_id, milestone_score, points_score from marts.pql_scores order by points_score "
        "desc, is_pql desc, qualified_at desc nulls last, milestone_score desc, user_id limit 100",
    )
    assert texts(sample_view, "#leads td:nth-child(1)") == [row["user_id"] for row in leads]
    assert texts(sample_view, "#leads td:nth-child(7)") == [
        f"{row['points_score']:.1f}" for row in leads
    ]
    completed = "completed m1; 68.0 points for behaviour; 10.0 for fit"
    assert texts(sample_view, "#leads td:last-child")[0] == completed


def test_the_interval_of_k_is_that_of_a_count(sample_view: Page) -> None:
    """1,472 invited signups of 3,889 users. The score interval's ends are those k for which the
    count lies z standard deviations (the square root of its mean) from its mean."""
    State(grain="all").set(sample_view)
    (mark,) = sample_view.evaluate(DRAWN, "viral_coefficient")["symbol"]
    users, signups = mark["cohort_user_count"], mark["invited_signup_count"]
    for end in ("k_factor_ci_lower", "k_factor_ci_upper"):
        mean = mark[end] * users
        assert abs(signups - mean) / mean**0.5 == pytest.approx(1.959963984540054, rel=1e-12)
    assert mark["k_factor_ci_lower"] < mark["k_factor"] < mark["k_factor_ci_upper"]


def test_each_card_says_its_definition_population_and_date(
    sample_view: Page, sample_page: Path
) -> None:
    State("plan_tier|pro").set(sample_view)
    cards = sample_view.locator(".card").all()
    shown = {card.locator("h3").inner_text() for card in cards}
    # One of the tables has no card, and one mart is two of them; pql_scores and the scorecard are none.
    assert len(cards) == len(shown) == len(TABLES)
    for card in cards:
        name = card.get_attribute("id")
        definition = card.locator(".definition").text_content() or ""
        assert "One row per " in definition and "2024-06-28 23:55 UTC" in definition, name
        population = card.locator(".population").inner_text()
        assert population, name
        assert name == "removed_rows" or "open" in population.lower(), name
        applies = card.locator(".applies").inner_text()
        assert ("plan tier: pro" in applies) != ("filters don't apply" in applies), name


def test_tiles_say_how_many_users_a_value_rests_on(
    sample_view: Page, sample_database: Path
) -> None:
    rows = query(
        sample_database,
        "select user_count from intermediate.int_scorecard_weeks inner join marts.kpi_scorecard "
        "using (metric_id, week_start_date) where is_latest order by metric_name",
    )
    assert texts(sample_view, ".tile dd:nth-of-type(2)") == [str(row["user_count"]) for row in rows]


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
    marks = sample_view.evaluate(DRAWN, "milestone_velocity")["symbol"]
    hollow = 0
    for mark in marks:
        day = str(mark["cohort_date"].astimezone(READER).date())
        is_open = users[day, mark["from_milestone_id"]] > mark["eligible_user_count"]
        assert mark["is_open"] == is_open
        hollow += is_open
    assert 0 < hollow < len(marks)
    for name in ("activation_rate", "viral_cycle", "pql_conversion"):
        closed = "eligible_user_count" if name != "viral_cycle" else "cohort_user_count"
        for mark in sample_view.evaluate(DRAWN, name)["rect"]:
            assert mark["is_all_open"] == (mark[closed] == 0), name


def test_cohorts_stay_in_order_whatever_was_chosen_before(sample_view: Page) -> None:
    for state in (State(), State(grain="month"), State("plan_tier|enterprise"), State()):
        state.set(sample_view)
        for name, field in (("retention_cells", "cohort_date"), ("milestone_ladder", "place")):
            rows = sample_view.evaluate(
                """async ([name, field]) => {
                    await growthReport.drawAll();
                    const { view } = growthReport.charts.find((chart) => chart.name === name);
                    const places = view.scale("y").domain();
                    const label = name === "retention_cells" ? "cohort_label" : "label";
                    return view.data("rows").map((row) => [places.indexOf(row[label]), +row[field]]);
                }""",
                [name, field],
            )
            assert sorted(rows) == sorted(rows, key=lambda row: row[1]), (state, name)


def test_a_chart_that_fails_says_so_and_stops_no_other(browser: Browser, sample_page: Path) -> None:
    with opened(browser, sample_page) as page:
        page.evaluate(
            "() => { const chart = growthReport.charts.find((one) => one.name === 'stickiness');"
            "const rows = chart.rows; let calls = 0;"
            "chart.rows = () => { calls += 1; if (calls < 2) throw new Error('no'); return rows(); }; }"
        )
        State(grain="month").set(page)
        page.evaluate("growthReport.drawAll()")
        place = page.locator('[data-chart="stickiness"] .drawing')
        assert place.inner_text().startswith("This chart can't be drawn (Error: no)")
        assert not page.evaluate("growthReport.charts.some((one) => one.isStale)")
        State().set(page)
        assert page.evaluate(DRAWN, "stickiness")["symbol"]


def test_numbers_of_a_chart_can_be_read_as_a_table(sample_view: Page) -> None:
    State().set(sample_view)
    figure = sample_view.locator('[data-chart="cohort_sizes"]')
    figure.locator("summary").click()
    figure.locator("tbody tr").first.wait_for()
    assert texts(sample_view, '[data-chart="cohort_sizes"] th') == [
        "cohort date", "window", "user count",
    ]  # fmt: skip
    assert figure.locator("tbody tr").count() == 2 * 26
    figure.locator("summary").click()


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_wider_than_the_screen(width: int, browser: Browser, sample_page: Path) -> None:
    with opened(browser, sample_page, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_can_be_set_from_the_keyboard(browser: Browser, sample_page: Path) -> None:
    with opened(browser, sample_page) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "segment"
        page.keyboard.press("ArrowDown")
        assert page.evaluate("growthReport.state.segment_type") != "all"


# ---- pages with little on them


def raw_files(folder: Path, users: list[str], events: list[str]) -> Path:
    folder.mkdir()
    header = "user_id,account_id,created_at,plan_tier,install_source,invited_by"
    (folder / "users.csv").write_text("\n".join([header, *users, ""]))
    header = "event_id,user_id,event_name,timestamp,properties"
    (folder / "events.csv").write_text("\n".join([header, *events, ""]))
    return folder


def words_of(page: Page) -> dict[str, str]:
    """What each card says in the place of its charts; "" where it draws them."""
    return {
        card.get_attribute("id") or "": card.locator(".nothing").inner_text()
        if card.locator(".nothing").is_visible()
        else ""
        for card in page.locator(".card").all()
    }


def small_page(browser: Browser, folder: Path, users: list[str], events: list[str]) -> Any:
    database = build(raw_files(folder / "raw", users, events), folder, comments=True)
    return opened(browser, write_page(database, folder / "index.html"))


def test_nobody(browser: Browser, tmp_path: Path) -> None:
    """A raw table without rows stops the build; here the rows are no users, as they lack a key."""
    with small_page(browser, tmp_path, [",,2024-01-01,,,", "ann,,,,,"], []) as page:
        assert "No user counts" in page.locator(".lead").inner_text()
        words = words_of(page)
        drawn = {"scorecard", "removed_rows"}
        assert {name for name, said in words.items() if not said} == drawn
        assert all("user" in said or "Nobody" in said for name, said in words.items() if said)
        assert texts(page, ".tile .value") == ["–"] * 8
        assert texts(page, ".tile .change") == ["no closed week"] * 8
        assert texts(page, "#removed_rows .population") == [
            "2 rows of users and events were removed."
        ]


def test_one_user(browser: Browser, tmp_path: Path) -> None:
    users = ["ann,,2024-01-01 10:00:00,,,"]
    events = ["1,ann,invite_sent,2024-01-01 11:00:00,", "2,ann,document_created,2024-01-03,"]
    with small_page(browser, tmp_path, users, events) as page:
        words = words_of(page)
        assert words["activation"] == (
            "Nobody's 30 days have passed yet: all 1 signups are still open, "
            "so there is no rate to show."
        )
        assert words["referral"] == (
            "Nobody's window has closed yet: all 1 signups are still open."
        )
        assert words["first_value_curve"] == ""
        # First value on day 1; after it, nobody is left to watch.
        curve = page.evaluate(DRAWN, "first_value_curve")["symbol"]
        assert [mark["day_number"] for mark in curve] == [0, 1]
        page.select_option('[data-choice="window_days"]', "1")
        assert words_of(page)["activation"] == ""
        (mark,) = page.evaluate(DRAWN, "activation_rate")["symbol"]
        assert (mark["eligible_user_count"], mark["activation_rate"]) == (1, 0)


def test_one_cohort_without_invitations(browser: Browser, tmp_path: Path) -> None:
    users = [f"user{number},,2024-01-0{number} 10:00:00,pro,," for number in range(1, 6)]
    events = [
        "1,user1,document_created,2024-01-02 10:00:00,",
        "2,user2,user_login,2024-05-02 10:00:00,",
    ]
    with small_page(browser, tmp_path, users, events) as page:
        words = words_of(page)
        assert words["referral"] == (
            "No invitation was sent and nobody signed up by one: k is 0 for 5 users."
        )
        assert words["pql_conversion"].startswith(
            "Nobody whose timeframes have closed has activated"
        )
        assert words["activation"] == words["retention"] == ""
        page.select_option('[data-choice="cohort_anchor"]', "activation")
        assert words_of(page)["retention"] == (
            "Nobody has activated, so nobody can come back after it."
        )
        for grain in ("week", "month", "all"):
            page.select_option("#grain", grain)
            (mark,) = page.evaluate(DRAWN, "activation_rate")["symbol"]
            assert (mark["eligible_user_count"], mark["activation_rate"]) == (5, 0)


def test_any_text_is_shown_as_it_is(browser: Browser, tmp_path: Path) -> None:
    """Values of segments are anybody's text: ten of twelve are on the page, as they are."""
    odd = ["a|b", "it's", r"back\slash", "<b>bold</b>", "</script>", "{{ x }}", "ünï → 🚀", "%"]
    odd += ["__proto__", "cr\rcr"]
    values = [*odd, "z1", "z2"]
    users = [
        f'user{place}-{copy}<i>,,2024-01-01,"{value}",,'
        for place, value in enumerate(values)
        for copy in range(1 + (value in odd))
    ]
    events = [
        "1,user0-0<i>,document_created,2024-01-10 10:00:00,",
        "2,user0-0<i>,user_login,2024-05-02 10:00:00,",
    ]
    with small_page(browser, tmp_path, users, events) as page:
        assert texts(page, ".top .note") == [
            "2 more values of plan_tier, those with the fewest signups, are in the marts only."
        ]
        shown = page.locator('optgroup[label="plan tier"] option')
        labels = [label.rpartition(" (")[0].strip() for label in shown.all_text_contents()]
        assert sorted(labels) == sorted(odd[:-1] + ["cr\ncr"])
        for value in odd:
            select_segment(page, "plan_tier", value)
            (mark,) = page.evaluate(DRAWN, "activation_rate")["symbol"]
            assert mark["signup_count"] == 2, value
            drawn = page.evaluate(DRAWN, "first_value_curve")["symbol"]
            assert {mark["segment_value"] for mark in drawn} == set(odd), value
            said = page.locator("#activation .applies").text_content() or ""
            assert said.startswith(f"plan tier: {value} ·")


def test_a_date_that_nobody_watched_is_named(
    browser: Browser, sample_database: Path, tmp_path: Path
) -> None:
    database = tmp_path / "later.duckdb"
    shutil.copy(sample_database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.pql_scores set scored_at = timestamp '2024-12-01'")
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        (note,) = texts(page, ".top .note")
    assert note.startswith("The last record is of 2024-06-28 23:55 UTC")


# ---- a page with much on it
SIZES = ("cohort_user_count", "eligible_user_count")


def crowded_database(sample_database: Path, folder: Path) -> Path:
    """The sample's database with marts of 200 weeks and 12 segments, filled with random numbers."""
    database = folder / "crowded.duckdb"
    shutil.copy(sample_database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute("""
            create temp table cohorts as
            select
                'week' as cohort_grain,
                date '2020-06-01' + 7 * cast(number as integer) as cohort_date
            from range(200) as numbers (number)
            union all
            select 'month', cast(date '2020-06-01' + to_months(cast(number as integer)) as date)
            from range(46) as numbers (number)
            union all
            select 'all', date '2020-06-01';
            create temp table segments as
            select 'all' as segment_type, 'all' as segment_value
            union all select 'acquisition_type', unnest(['new', 'invited'])
            union all select 'plan_tier', unnest(['free', 'pro', 'team', 'enterprise'])
            union all select 'install_source', unnest(['a', 'b', 'c', 'd', 'e']);
            create temp table dates as
            select date '2020-06-01' + cast(number as integer) as activity_date
            from range(1400) as numbers (number);
        """)
        for name, table in TABLES.items():
            if table.mart or table.source or name == "data_quality_by_rule":
                continue
            own = [key for key in table.keys if key not in ("segment_type", "segment_value")]
            spread = ["segments"]
            if "cohort_date" in own:
                spread.append("cohorts")
                own = [
                    key for key in own if not key.startswith("cohort_") or key == "cohort_anchor"
                ]
            if "activity_date" in own:
                spread.append("dates")
            elif "week_start_date" in own:
                spread.append(
                    "(select cohort_date as week_start_date from cohorts "
                    "where cohort_grain = 'week') as weeks"
                )
            elif own:
                spread.append(f"(select distinct {', '.join(own)} from marts.{name}) as own_keys")
            columns = connection.execute(
                "select column_name, data_type from duckdb_columns() "
                "where schema_name = 'marts' and table_name = ? order by column_index",
                [name],
            ).fetchall()
            filled = ", ".join(
                column
                if column in table.keys
                # A cohort has one size, whatever the period; the youngest are open.
                else f"hash(segment_value, cohort_date) % 1000 * "
                f"cast(cohort_date + 7 * period_number < date '2024-01-01' as bigint) as {column}"
                if column in SIZES and name == "retention_by_cohort"
                else f"cast(floor(random() * 1000) as bigint) as {column}"
                if kind == "BIGINT"
                else f"random() as {column}"
                for column, kind in columns
            )
            connection.execute(
                f"create or replace table marts.{name} as "
                f"select {filled} from {' cross join '.join(spread)}"
            )
            connection.execute(f"comment on table marts.{name} is 'Which?'")
    return database


def test_200_cohorts_and_12_segments_stay_light(
    browser: Browser, sample_database: Path, tmp_path: Path
) -> None:
    """Under 3 MB, and within two seconds the filters answer and what the window shows is drawn."""
    file = write_page(crowded_database(sample_database, tmp_path), tmp_path / "index.html")
    assert file.stat().st_size < MOST_BYTES
    seconds: list[float] = []
    # A machine that is busy with other tests may need a second look.
    while len(seconds) < 5 and min(seconds, default=2) >= 2:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        started = time.perf_counter()
        page.goto(file.as_uri())
        page.wait_for_function(
            "window.growthReport && growthReport.charts.every("
            "(chart) => !chart.isStale || chart.place.getBoundingClientRect().top > innerHeight)"
        )
        seconds.append(time.perf_counter() - started)
        context.close()
    print(f"{file.stat().st_size:,} bytes; open in {', '.join(f'{one:.2f}' for one in seconds)} s")
    assert min(seconds) < 2
