"""Each adapter against plain Python: every cell of the canonical rows, on random dirty exports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.adapters.comparison import (
    COLUMNS,
    COMPOSED_EVENT_IDS,
    EVENT_COLUMNS,
    PROPERTIES_IN_COLUMNS,
    SORTED_PROPERTIES,
    decision_differences,
    key_order_differences,
    row_differences,
)
from tests.adapters.expected import SOURCES, read_export
from tests.adapters.expected.result import Settings
from tests.adapters.expected.values import Row
from tests.adapters.random_base import Dice, random_export
from tests.adapters.write_files import FORMS, write_tables
from tests.harness import build, query

SEEDS = (0, 1, 2)
# scripts/test builds these; `plg replay` all.
SHORT = (("posthog", 0),)
# Models that show the canonical rows, and the mart that counts decisions.
BUILT = ("stg_users", "stg_events", "stg_aliases", "stg_accounts", "input_by_decision")
BUILD = ["build", "--select", *(f"+{name}" for name in BUILT)]
BUILD += ["--exclude-resource-type", "test", "unit_test"]
# As a canonical row is called, and as its staging model calls it.
RENAMED = {"users": {"created_at": "signed_up_at"}, "events": {"timestamp": "occurred_at"}}


def name_of(source: str, seed: int) -> str:
    """RudderStack is another name of Segment's tables."""
    return "rudderstack" if source == "segment" and seed == SEEDS[-1] else source


def environment_of(name: str, settings: Settings) -> dict[str, str]:
    return {
        "PLG_SOURCE": name,
        "PLG_ACCOUNT_GROUP": settings.account_group,
        "PLG_SOURCE_TIME_ZONE": settings.time_zone,
    }


def variables_of(settings: Settings) -> dict[str, object]:
    return {
        "signup_event": [*settings.signup_events],
        "unknown_signup_days": settings.unknown_signup_days,
        # What is odd about these rows must not stop them.
        "unreadable_rows_allowed": 0,
    }


def staging_rows(database: Path, table: str) -> list[Row]:
    renamed: Mapping[str, str] = RENAMED.get(table, {})
    columns = ", ".join(f'"{renamed.get(name, name)}" as "{name}"' for name in COLUMNS[table])
    return query(database, f"select {columns} from staging.stg_{table}")


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        pytest.param(source, seed, marks=[] if (source, seed) in SHORT else [pytest.mark.long])
        for source in SOURCES
        for seed in SEEDS
    ],
)
def test_adapter(source: str, seed: int, tmp_path: Path) -> None:
    export = random_export(source, seed)
    forms = write_tables(
        export.tables,
        tmp_path / "raw",
        Dice(seed),
        forms=[FORMS[(seed * 3 + SOURCES.index(source)) % len(FORMS)], *FORMS],
        column_types=export.column_types,
        has_capitals=export.has_capitals,
    )
    (tmp_path / "work").mkdir()
    database = build(
        tmp_path / "raw",
        tmp_path / "work",
        variables=variables_of(export.settings),
        arguments=BUILD,
        environment=environment_of(name_of(source, seed), export.settings),
    )
    expected = read_export(source, export.tables, export.settings)
    is_loose = source in PROPERTIES_IN_COLUMNS and any(".csv" in form for form in forms.values())
    found = []
    for table in COLUMNS:
        actual = staging_rows(database, table)
        rows = getattr(expected, table)
        found += row_differences(source, table, rows, actual, loose_properties=is_loose)
        if table == "events" and source in SORTED_PROPERTIES:
            found += key_order_differences(actual)
    counted = query(database, "select * from marts.input_by_decision")
    decided = {(row["table_name"], row["decision"]): row for row in counted}
    found += decision_differences(expected.decisions, decided)
    assert not found, "\n".join([f"{source}, seed {seed}, files {forms}", *found])


def test_composed_ids_are_compared_by_the_rows_that_share_them() -> None:
    """The comparison itself: other ids are no difference, other sharing is."""
    assert "amplitude" in COMPOSED_EVENT_IDS
    rows = [
        dict.fromkeys(EVENT_COLUMNS) | {"event_id": "a|x", "user_id": "u"},
        dict.fromkeys(EVENT_COLUMNS) | {"event_id": "a|x", "user_id": "v"},
        dict.fromkeys(EVENT_COLUMNS) | {"event_id": "b|x", "user_id": "u"},
    ]
    renamed = [row | {"event_id": row["event_id"].replace("x", "y")} for row in rows]
    assert row_differences("amplitude", "events", rows, renamed) == []
    swapped = [rows[0] | {"event_id": "b|x"}, rows[1], rows[2] | {"event_id": "a|x"}]
    assert row_differences("amplitude", "events", rows, swapped) == []
    apart = [rows[0], rows[1] | {"event_id": "c|x"}, rows[2]]
    assert row_differences("amplitude", "events", rows, apart) != []
