"""Changes to the input that must change no number, and a second build that must give the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.harness import build, query
from tests.oracle.random_data import write_case

# A case without observed_until, whose definitions are the shipped ones.
CASE_NUMBER = 0
VARIANTS = {
    "every event twice": ("select * from users", "select * from events union all from events"),
    "rows shuffled": (
        "select * from users order by hash(user_id, created_at)",
        "select * from events order by hash(event_id, user_id, timestamp)",
    ),
    "events from the future": (
        "select * from users",
        "select * from events union all select event_id || '-later', user_id, event_name, "
        "timestamp + interval 200 year, properties from events where timestamp is not null",
    ),
    "columns that nobody asked for": (
        "select 1 as extra, * from users",
        "select *, 'x' as extra from events",
    ),
}


def snapshot(database: Path, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    """All rows of all built tables, sorted; without the named ones."""
    names = query(
        database,
        "select schema_name || '.' || table_name as name from duckdb_tables() order by name",
    )
    return {
        row["name"]: sorted(
            (tuple(cells.values()) for cells in query(database, f"select * from {row['name']}")),
            key=repr,
        )
        for row in names
        if row["name"] not in without
    }


def differing(first: dict[str, list[tuple]], second: dict[str, list[tuple]]) -> list[str]:
    return [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)]


@pytest.fixture(scope="module")
def raw_tables(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The raw tables of a random case, read by dbt's own views over the files."""
    folder = tmp_path_factory.mktemp("case")
    case = write_case(CASE_NUMBER, folder)
    database = build(case.raw_dir, folder, case.definitions_dir)
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"attach '{database}' as built (read_only)")
    for name in ("users", "events"):
        connection.execute(f"create table {name} as select * exclude (part) from built.raw.{name}")
    connection.execute("detach built")
    return connection


def build_variant(
    raw_tables: duckdb.DuckDBPyConnection, folder: Path, users: str, events: str
) -> Path:
    raw_dir = folder / "raw"
    raw_dir.mkdir()
    raw_tables.execute(f"copy ({users}) to '{raw_dir}/users.parquet'")
    raw_tables.execute(f"copy ({events}) to '{raw_dir}/events.parquet'")
    return build(raw_dir, folder)


@pytest.fixture(scope="module")
def plain_database(
    raw_tables: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    return build_variant(raw_tables, folder, "select * from users", "select * from events")


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_number_changes(
    variant: str, raw_tables: duckdb.DuckDBPyConnection, plain_database: Path, tmp_path: Path
) -> None:
    database = build_variant(raw_tables, tmp_path, *VARIANTS[variant])
    # What was removed does change, and is what the mart of removed rows is for.
    cleaning = frozenset(
        {
            "marts.data_quality_by_rule",
            "intermediate.int_event_parts",
            "intermediate.int_event_dates",
            "intermediate.int_events_classified",
            "intermediate.int_events_repeated",
        }
    )
    expected = snapshot(plain_database, without=cleaning)
    assert expected["marts.retention_by_cohort"]
    assert differing(expected, snapshot(database, without=cleaning)) == []


def test_a_second_build_gives_identical_tables(plain_database: Path) -> None:
    first = snapshot(plain_database)
    build(plain_database.parent / "raw", plain_database.parent)
    assert differing(first, snapshot(plain_database)) == []
