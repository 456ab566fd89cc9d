"""How the report behaves: its words, its order, its filters, its width."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from plg.marts import read_marts
from tests.report.browser import DRAWN, State, opened, texts


def test_every_mart_has_a_card() -> None:
    assert [mart.name for mart in read_marts().values() if not mart.card] == []


NOTHING = {
    "build_warnings": "Nothing was found",
    "metric_history_by_definition": "Nobody has compared",
}


def test_each_card_says_its_definition_population_and_date(
    sample_view: Page, sample_page: Path
) -> None:
    State("acquisition_type|new").set(sample_view)
    cards = sample_view.locator(".card").all()
    shown = {card.locator("h3").inner_text() for card in cards}
    assert len(cards) == len(shown) == len(read_marts())
    for card in cards:
        name = card.get_attribute("id")
        definition = card.locator(".definition").text_content() or ""
        assert "One row per " in definition and "2024-06-28 23:55 UTC" in definition, name
        population = card.locator(".population").inner_text()
        if name in NOTHING:
            # In the sample there is none.
            assert card.locator(".nothing").inner_text().startswith(NOTHING[name]), name
            assert not population
        else:
            assert population, name
            assert (
                name in ("data_quality_by_rule", "input_by_decision")
                or "open" in population.lower()
            ), name
        applies = card.locator(".applies").inner_text()
        assert ("acquisition type: new" in applies) != ("filters don't apply" in applies), name


def test_cohorts_stay_in_order_whatever_was_chosen_before(sample_view: Page) -> None:
    for state in (State(), State(grain="month"), State("plan_tier|enterprise"), State()):
        state.set(sample_view)
        for name, label, field in (
            ("retention_by_cohort.1", "row_label", "begins"),
            ("milestone_completion_by_cohort.1", "series", "place"),
        ):
            rows = sample_view.evaluate(
                """async ([name, label, field]) => {
                    await growthReport.drawAll();
                    const { view } = growthReport.charts.find((chart) => chart.name === name);
                    const places = view.scale("y").domain();
                    const rows = view.data("rows");
                    return rows.map((row) => [places.indexOf(row[label]), +row[field]]);
                }""",
                [name, label, field],
            )
            assert sorted(rows) == sorted(rows, key=lambda row: row[1]), (state, name)


def test_a_chart_that_fails_says_so_and_stops_no_other(browser: Browser, sample_page: Path) -> None:
    with opened(browser, sample_page) as page:
        page.evaluate(
            """() => {
                const name = "active_users_by_day.2";
                const chart = growthReport.charts.find((one) => one.name === name);
                const { rows } = chart;
                window.isBroken = true;
                chart.rows = () => {
                    if (window.isBroken) throw new Error("no");
                    return rows();
                };
            }"""
        )
        State(grain="month").set(page)
        page.evaluate("growthReport.drawAll()")
        place = page.locator('[data-figure="active_users_by_day.2"] .drawing')
        assert place.inner_text().startswith("This chart can't be drawn (Error: no)")
        assert not page.evaluate("growthReport.charts.some((one) => one.isStale)")
        page.evaluate("window.isBroken = false")
        State().set(page)
        assert page.evaluate(DRAWN, "active_users_by_day.2")["symbol"]


def test_numbers_of_a_chart_can_be_read_as_a_table(sample_view: Page) -> None:
    State().set(sample_view)
    figure = sample_view.locator('[data-figure="activation_by_cohort.2"]')
    figure.locator("summary").click()
    figure.locator("tbody tr").first.wait_for()
    assert texts(sample_view, '[data-figure="activation_by_cohort.2"] th') == [
        "cohort", "kind", "users",
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
