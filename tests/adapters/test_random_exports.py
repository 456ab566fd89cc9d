"""In three random exports of a vendor each rule has to occur; and a file must lose nothing.

Where a rule doesn't occur, the exports prove nothing of it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.adapters.comparison import COLUMNS, PROPERTIES_IN_COLUMNS, row_differences
from tests.adapters.expected import SOURCES, Canonical, read_export
from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, random_export
from tests.adapters.write_files import FORMS, write_tables

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module", params=SOURCES)
def source(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def read(source: str) -> list[Canonical]:
    exports = [random_export(source, seed) for seed in SEEDS]
    return [read_export(source, export.tables, export.settings) for export in exports]


def test_each_decision_is_made(read: list[Canonical]) -> None:
    made: Counter[tuple[str, str]] = Counter()
    for canonical in read:
        for decision, seen in canonical.decisions.items():
            made[decision] += seen.row_count
    assert {decision for decision in read[0].decisions if not made[decision]} == set()


def test_each_column_is_filled_and_null(source: str, read: list[Canonical]) -> None:
    never = {
        "mixpanel": {("aliases", "aliased_at")},
        "posthog": {("aliases", "aliased_at")},
        "ga4": {("events", "received_at")},
        "snowplow": {
            ("users", name) for name in ("account_id", "plan_tier", "install_source", "invited_by")
        },
    }
    always_null = set()
    for table in ("users", "events", "aliases"):
        rows = [row for canonical in read for row in getattr(canonical, table)]
        always_null |= {
            (table, name) for name in (rows or [{}])[0] if all(row[name] is None for row in rows)
        }
    assert always_null == never.get(source, set())
    for name in ("user_id", "anonymous_id", "event_name", "timestamp", "properties"):
        assert any(event[name] is None for canonical in read for event in canonical.events)


def test_events_share_ids(read: list[Canonical]) -> None:
    counts = Counter(
        (number, event["event_id"])
        for number, canonical in enumerate(read)
        for event in canonical.events
    )
    assert max(counts.values()) > 1


def test_accounts_are_read(source: str, read: list[Canonical]) -> None:
    has_accounts = source in ("segment", "posthog")
    assert any(canonical.accounts for canonical in read) is has_accounts
    if has_accounts:
        rows = [row for canonical in read for row in canonical.accounts]
        for name in ("account_name", "created_at", "seat_count"):
            assert any(row[name] is not None for row in rows)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_loses_nothing(source: str, form: str, tmp_path: Path) -> None:
    export = random_export(source, 0)
    write_tables(
        export.tables,
        tmp_path,
        Dice(7),
        forms=[form],
        column_types=export.column_types,
        has_capitals=export.has_capitals,
    )
    tables = {name: read_file(tmp_path / f"{name}{form}") for name in export.tables}
    expected = read_export(source, export.tables, export.settings)
    found = read_export(source, tables, export.settings)
    is_loose = form.startswith(".csv") and source in PROPERTIES_IN_COLUMNS
    for table in COLUMNS:
        rows = getattr(expected, table), getattr(found, table)
        assert row_differences(source, table, *rows, loose_properties=is_loose) == []


def read_file(path: Path) -> list[Row]:
    """The rows of a file, as the plainest reader gives them."""
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            result = connection.execute("select * from read_parquet(?)", [str(path)])
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    if ".csv" in path.name:
        rows = csv.DictReader(io.StringIO(text))
        return [{name: value or None for name, value in row.items()} for row in rows]
    return [json.loads(line) for line in text.splitlines()]


def test_who_is_first_seen_after_30_days_signed_up_then(source: str, read: list[Canonical]) -> None:
    """In the larger export a clock of 1995 does not begin it; 30 days are exactly enough."""
    for seed in (0, 1):
        found = {user["user_id"].removeprefix("p-"): user for user in read[seed].users}
        assert {user_id: found[user_id]["signup_found_by"] for user_id in FIRST_SEEN} == {
            "first_of_all": "unknown",
            "seen_too_early": "unknown",
            "seen_after_30_days": "first_seen",
            "seen_later": "first_seen",
        }
