"""The report in a real browser, and what its charts draw there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from playwright.sync_api import Browser, Page

from plg.marts import Mart, read_marts
from plg.report.page import write_report

CHROMIUM = os.environ.get("PLG_CHROMIUM") or shutil.which("chromium") or ""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READER = ZoneInfo("America/Los_Angeles")
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


def write_page(database: Path, file: Path, marts: Iterable[Mart] | None = None) -> Path:
    """The report of a database, with the cards of these marts; of the project's where None."""
    shown = list(read_marts().values() if marts is None else marts)
    descriptions = {mart.name: mart.description for mart in shown}
    with duckdb.connect(str(database), read_only=True) as connection:
        write_report(
            lambda sql: connection.execute(sql).fetchall(),
            descriptions.__getitem__,
            file,
            marts=shown,
        )
    return file


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


def select_segment(page: Page, kind: str, value: str) -> None:
    """Sets the filter of users."""
    place = page.evaluate(
        "([kind, value]) => growthReport.segments.findIndex("
        "(one) => one[0] === kind && one[1] === value)",
        [kind, value],
    )
    page.select_option("#segment", str(place))


@dataclass(frozen=True)
class State:
    """A state of the filters, as a reader sets them. A choice is made on each card that offers it."""

    segment: str = "all|all"
    grain: str = "week"
    choices: dict[str, str] = field(default_factory=dict)

    def set(self, page: Page) -> None:
        """Sets the page's filters."""
        select_segment(page, *self.segment.split("|"))
        page.select_option("#grain", self.grain)
        for choice, value in self.choices.items():
            for selector in page.locator(f'[data-choice$=".{choice}"]').all():
                if selector.locator(f'option[value="{value}"]').count():
                    selector.select_option(value)

    def __str__(self) -> str:
        return " ".join([self.segment, self.grain, *self.choices.values()])


def texts(page: Page, selector: str) -> list[str]:
    """What a reader sees in each of the places."""
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def words_of(page: Page) -> dict[str, str]:
    """What each card says in the place of its charts; "" where it draws them."""
    return {
        card.get_attribute("id") or "": card.locator(".nothing").inner_text()
        if card.locator(".nothing").is_visible()
        else ""
        for card in page.locator(".card").all()
    }
