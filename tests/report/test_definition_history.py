"""What earlier definitions gave is drawn beside each metric, and the registry says what a metric means."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from tests.report.browser import DRAWN, opened, texts, write_page

# The first tile's metric had other values under the version that was used until 6 March.
EARLIER = """
    insert into marts.metric_history_by_definition by name
    select
        metric_id, week_start_date, 'aaaaaaaaaaaa' as definitions_version, date '2024-03-06' as valid_from_date,
        'growth' as owner, 'Bands moved.' as change, false as is_current, observed_until_at,
        value - 0.05 as value, value as current_definition_value, 0.05 as difference, is_comparable
    from marts.metric_history_by_definition
    where metric_id = 'account_pql_rate' and is_current
"""


@pytest.fixture(scope="module")
def page(
    browser: Browser, sample_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("history")
    database = Path(shutil.copy(sample_database, folder))
    with duckdb.connect(str(database)) as connection:
        connection.execute(EARLIER)
    with opened(browser, write_page(database, folder / "index.html")) as page:
        yield page


def test_old_values_are_dashed_and_a_line_marks_the_change(page: Page) -> None:
    drawn = page.evaluate(DRAWN, "scorecard_weeks")
    earlier = [row for row in drawn["line"] if row.get("version")]
    current = [row for row in drawn["line"] if row.get("is_latest") is not None]
    assert {row["version"] for row in earlier} == {"aaaaaaaaaaaa"}
    by_week = {row["begins"]: row["current_value"] for row in current}
    assert len(earlier) > 8
    for row in earlier:
        assert abs(by_week[row["begins"]] - row["earlier_value"] - 0.05) < 1e-5
    assert len(drawn["rule"]) == 1


def test_the_card_says_what_the_version_made(page: Page) -> None:
    said = page.locator("#metric_history_by_definition").inner_text()
    assert "weeks differ, now +5.0 pp on average" in said
    assert "since 6 Mar 24, growth: Bands moved." in said
    assert texts(page, "#metric_history_by_definition .tile h4") == ["Accounts that become leads"]


def test_each_tile_says_what_its_metric_means(page: Page) -> None:
    assert texts(page, "#kpi_scorecard .tile summary") == ["What it means"] * 11
    tile = page.locator("#kpi_scorecard .tile").first
    tile.locator("summary").click()
    said = tile.locator("details").inner_text()
    assert "Share of the accounts" in said
    assert "qualification, leading" in said
    assert "growth" in said


def test_without_earlier_definitions_nothing_is_drawn(sample_view: Page) -> None:
    drawn = sample_view.evaluate(DRAWN, "scorecard_weeks")
    assert not [row for row in drawn["line"] if row.get("version")]
    assert (
        "Nobody has compared" in sample_view.locator("#metric_history_by_definition").inner_text()
    )
