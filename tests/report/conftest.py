"""The sample's report, opened once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report.browser import CHROMIUM, QUIET, opened, write_page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium: Debian's package `chromium`, on the PATH or named by PLG_CHROMIUM.

    Without one, the tests that need it are left out. `.ci/run` installs it.
    """
    if not CHROMIUM:
        pytest.skip("there is no Chromium: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sample_page(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample."""
    return write_page(sample_database, tmp_path_factory.mktemp("report") / "index.html")


@pytest.fixture(scope="package")
def sample_view(browser: Browser, sample_page: Path) -> Iterator[Page]:
    """The report of the sample in a browser; a test sets the filters that it needs."""
    with opened(browser, sample_page) as page:
        yield page
