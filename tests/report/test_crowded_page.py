"""A page with much on it stays small and quick."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import duckdb
from playwright.sync_api import Browser

from plg.marts import Mart, read_marts
from tests.report.browser import write_page

MOST_BYTES = 3_000_000
MOST_SECONDS = 5
# What follows from the key, so is no random number.
BOUNDS = ("period_start_day", "period_end_day")
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
        for mart in read_marts().values():
            if mart.columns.keys() >= {"segment_type", "segment_value"}:
                fill(connection, mart)
    return database


def fill(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Fills a mart with random numbers, for all segments and dates."""
    own = [key for key in mart.key if not key.startswith(("segment_", "cohort_"))]
    own += [column for column in BOUNDS if column in mart.columns]
    own += ["cohort_anchor"] if "cohort_anchor" in mart.key else []
    spread = ["segments", *(["cohorts"] if mart.has_cohorts else [])]
    if "activity_date" in own:
        spread.append("dates")
    elif "week_start_date" in own:
        weeks = "select cohort_date as week_start_date from cohorts where cohort_grain = 'week'"
        spread.append(f"({weeks}) as weeks")
    elif own:
        spread.append(f"(select distinct {', '.join(own)} from marts.{mart.name}) as own_keys")

    def filled(column: str, data_type: str) -> str:
        if column in (*mart.key, *BOUNDS):
            return column
        if mart.name == "retention_by_cohort" and column in SIZES:
            # A cohort has one size, whatever the period; the youngest are open.
            return (
                "hash(segment_value, cohort_date) % 1000 * cast(cohort_date + period_end_day "
                f"< date '2024-01-01' as bigint) as {column}"
            )
        if data_type in ("bigint", "integer"):
            return f"cast(floor(random() * 1000) as bigint) as {column}"
        if data_type == "string":
            return f"'text' as {column}"
        if data_type == "boolean":
            return f"random() < 0.5 as {column}"
        return f"random() as {column}"

    columns = ", ".join(filled(*column) for column in mart.columns.items())
    connection.execute(
        f"create or replace table marts.{mart.name} as "
        f"select {columns} from {' cross join '.join(spread)}"
    )


def test_200_cohorts_and_12_segments_stay_light(
    browser: Browser, sample_database: Path, tmp_path: Path
) -> None:
    """Under 3 MB; the filters answer and what the window shows is drawn at once.

    That takes some two seconds where nothing else runs. Other tests may run beside this one.
    """
    file = write_page(crowded_database(sample_database, tmp_path), tmp_path / "index.html")
    assert file.stat().st_size < MOST_BYTES
    seconds: list[float] = []
    while len(seconds) < 3 and min(seconds, default=MOST_SECONDS) >= MOST_SECONDS:
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
    assert min(seconds) < MOST_SECONDS
