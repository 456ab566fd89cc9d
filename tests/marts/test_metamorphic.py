"""Changes to the input that must change no number, and a second build that must give the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from plg.inputs import read_inputs
from tests.harness import PROJECT, build, query
from tests.oracle.random_data import write_case

# A case without observed_until, whose definitions are the shipped ones.
CASE_NUMBER = 0
# What each does to the queries of the users and of the events.
VARIANTS = {
    "every event twice": ("{users}", "select * from ({events}) union all select * from ({events})"),
    "events from the future": (
        "{users}",
        "select * from ({events}) union all select * replace (event_id || '-later' as event_id, "
        "timestamp + interval 200 year as timestamp) from ({events}) where timestamp is not null",
    ),
    "rows shuffled": (
        "select * from ({users}) order by hash(user_id, created_at)",
        "select * from ({events}) order by hash(event_id, user_id, timestamp)",
    ),
    "columns that nobody asked for": (
        "select 1 as extra, * from ({users})",
        "select *, 'x' as extra from ({events})",
    ),
}
# Each build reads files of its own.
KEPT = "columns(lambda c: c <> 'file_name')"
PLAIN = ("from users", "from events")
QUALITY = PROJECT / "models" / "intermediate" / "quality"
# What the variants do change: the rows that were removed, and where they lay.
CLEANING = frozenset(
    {
        "marts.data_quality_by_rule",
        "intermediate.int_event_parts",
        "intermediate.int_event_dates",
        "intermediate.int_events_classified",
        "intermediate.int_event_counts",
        "intermediate.int_events_repeated",
        "marts.build_warnings",
        "marts.input_by_decision",
        # What the warnings are made of: counts of delivered rows.
        *(f"intermediate.{model.stem}" for model in QUALITY.glob("*.sql")),
    }
)


def applied(variants: Iterable[str], queries: tuple[str, str] = PLAIN) -> tuple[str, str]:
    """The queries of users and events, changed by one variant after the other."""
    for variant in variants:
        users, events = VARIANTS[variant]
        queries = (
            users.format(users=queries[0]),
            events.format(events=queries[1]),
        )
    return queries


def snapshot(database: Path, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    """All rows of all built tables, sorted; without the named ones."""
    names = query(
        database,
        "select schema_name || '.' || table_name as name from duckdb_tables() order by name",
    )
    return {
        row["name"]: sorted(
            (
                tuple(cells.values())
                for cells in query(database, f"select {KEPT} from {row['name']}")
            ),
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
        columns = ", ".join(read_inputs()[name].columns)
        connection.execute(
            f"create table {name} as select {columns} from built.raw.{name} where not is_unreadable"
        )
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
    return build_variant(raw_tables, folder, *PLAIN)


@pytest.mark.long
def test_no_number_changes(
    raw_tables: duckdb.DuckDBPyConnection, plain_database: Path, tmp_path: Path
) -> None:
    expected = snapshot(plain_database, without=CLEANING)
    assert expected["marts.retention_by_cohort"]

    def changed_by(*variants: str) -> list[str]:
        folder = tmp_path / variants[-1].replace(" ", "_") / str(len(variants))
        folder.mkdir(parents=True)
        database = build_variant(raw_tables, folder, *applied(variants))
        return differing(expected, snapshot(database, without=CLEANING))

    # All at once, as it nearly always passes; apart only to say which one changed a number.
    changed = changed_by(*VARIANTS)
    assert not changed, {variant: changed_by(variant) for variant in VARIANTS} | {"all": changed}


@pytest.mark.long
def test_each_variant_changes_the_raw_rows(raw_tables: duckdb.DuckDBPyConnection) -> None:
    plain = [raw_tables.execute(query).fetchall() for query in PLAIN]
    for variant in VARIANTS:
        changed = [raw_tables.execute(query).fetchall() for query in applied([variant])]
        assert changed != plain, variant


@pytest.mark.long
def test_a_second_build_gives_identical_tables(plain_database: Path) -> None:
    first = snapshot(plain_database)
    build(plain_database.parent / "raw", plain_database.parent)
    assert differing(first, snapshot(plain_database)) == []


# Periods of the same days, by several names.
SAME_DAYS = {
    "retention_brackets": [[0, 0], [3, 3], [0, 6], [7, 13], [0, 29], [30, 59], [14, 40]],
    "retention_on_or_after_days": [0, 7, 14, 40],
    "retention_horizon_days": 40,
}


@pytest.mark.long
def test_periods_of_the_same_days_have_the_same_numbers(
    plain_database: Path, tmp_path: Path
) -> None:
    """Days, weeks, months and brackets agree; later on, fewer come back on or after a day."""
    database = build(plain_database.parent / "raw", tmp_path, variables=SAME_DAYS)
    cohort = "cohort_grain, cohort_date, segment_type, segment_value, cohort_anchor"
    counts = "cohort_user_count, eligible_user_count, retained_user_count"
    same = query(
        database,
        f"""
        select period_start_day, period_end_day, max(name_count) as name_count,
            max(number_count) as number_count
        from (
            select {cohort}, period_start_day, period_end_day,
                count(*) as name_count, count(distinct ({counts})) as number_count
            from marts.retention_by_cohort
            group by all
        )
        group by all having max(name_count) > 1 order by all
        """,
    )
    assert [tuple(row.values()) for row in same] == [
        (start, end, 2, 1)
        for start, end in ((0, 0), (0, 6), (0, 29), (3, 3), (7, 13), (14, 40), (30, 59))
    ]
    (later,) = query(
        database,
        f"""
        select
            count(*) filter (retained_user_count > retained_before) as wrong_count,
            count(*) filter (retained_user_count < retained_before) as less_count,
            count(*) filter (eligible_user_count <> eligible_before) as other_count
        from (
            select *,
                lag(retained_user_count) over cells as retained_before,
                lag(eligible_user_count) over cells as eligible_before
            from marts.retention_by_cohort
            where period_grain = 'on_or_after'
            window cells as (partition by {cohort} order by period_number)
        )
        """,
    )
    assert later["wrong_count"] == later["other_count"] == 0 < later["less_count"]
