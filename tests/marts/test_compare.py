"""The comparer finds each kind of difference, and only differences."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.compare import differences, mart_differences, open_databases
from plg.marts import read_marts

KEY = ("cohort_date", "segment_value")
TABLE = """
    select
        date '2024-01-01' as cohort_date,
        segment_value,
        cast(3 as bigint) as signup_count,
        cast(1 as double) / 3 as activation_rate,
        cast(0.8 as decimal(18, 12)) as milestone_score,
        true as is_pql,
        timestamp '2024-01-01 12:00:00' as qualified_at,
        cast(null as varchar) as account_id,
        cast(null as double) as median_seconds,
        cast(1e7 as double) as mean_seconds
    from (values ('all'), ('other')) as segments (segment_value)
"""
ALL_ONLY = "where segment_value = 'all'"


def compare(actual: str, expected: str = "from expected", **options: object) -> list[str]:
    """Compares two queries over the table above, which SQL sees as `expected`."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table expected as {TABLE}")
        return differences(connection, "mart", KEY, f"({expected})", f"({actual})", **options)


def replacing(column: str, value: str) -> str:
    """The row `all` alone, with another value in a column."""
    return f"select * replace ({value} as {column}) from expected {ALL_ONLY}"


@pytest.mark.parametrize(
    "actual",
    [
        "from expected",
        "from expected order by segment_value desc",
        "select account_id, * exclude (account_id) from expected",
    ],
)
def test_equal_rows_do_not_differ_in_any_order(actual: str) -> None:
    assert compare(actual) == []


def test_tables_without_rows_do_not_differ() -> None:
    assert compare("from expected limit 0", "from expected limit 0") == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("activation_rate", "cast(1 as double) / 3 + 1e-10"),
        ("activation_rate", "cast(0.3333333333 as decimal(18, 10))"),
        ("milestone_score", "cast(0.8 as decimal(18, 5))"),
        ("signup_count", "cast(3 as integer)"),
        ("signup_count", "cast(3 as decimal(18, 2))"),
        ("account_id", "cast(null as integer)"),
        ("mean_seconds", "cast(1e7 + 1e-3 as double)"),
    ],
)
def test_the_same_value_in_another_form_is_equal(column: str, value: str) -> None:
    assert compare(replacing(column, value), f"from expected {ALL_ONLY}") == []


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("activation_rate", "cast(1 as double) / 3 + 1e-8", "0.333333343"),
        ("activation_rate", "cast(null as double)", "None"),
        ("activation_rate", "cast('nan' as double)", "nan"),
        ("activation_rate", "cast('inf' as double)", "inf"),
        ("mean_seconds", "cast(1e7 + 1e-1 as double)", "10000000.1"),
        ("median_seconds", "cast(0 as double)", "0.0"),
        ("median_seconds", "cast('nan' as double)", "nan"),
        ("signup_count", "cast(4 as bigint)", "4"),
        ("milestone_score", "cast(0.8000000001 as decimal(18, 12))", "0.8000000001"),
        ("is_pql", "false", "False"),
        ("qualified_at", "timestamp '2024-01-01 12:00:00.000001'", "2024-01-01 12:00:00.000001"),
        ("account_id", "''", ""),
    ],
)
def test_another_value_is_found(column: str, value: str, shown: str) -> None:
    [sentence] = compare(replacing(column, value), f"from expected {ALL_ONLY}")
    assert sentence.startswith(
        f"mart: cohort_date 2024-01-01, segment_value all: {column} should be "
    )
    assert f" and is {shown}" in sentence
    assert sentence.endswith("(1 rows differ in it)")


def test_infinity_equals_itself_alone() -> None:
    infinite = replacing("mean_seconds", "cast('inf' as double)")
    assert compare(infinite, infinite) == []
    assert len(compare(f"from expected {ALL_ONLY}", infinite)) == 1
    assert len(compare(replacing("mean_seconds", "cast('-inf' as double)"), infinite)) == 1


@pytest.mark.parametrize(
    ("column", "value", "types"),
    [
        ("signup_count", "'3'", "BIGINT and is VARCHAR"),
        ("is_pql", "cast(1 as bigint)", "BOOLEAN and is BIGINT"),
        ("qualified_at", "date '2024-01-01'", "TIMESTAMP and is DATE"),
    ],
)
def test_a_value_of_another_type_is_found(column: str, value: str, types: str) -> None:
    found = compare(replacing(column, value), f"from expected {ALL_ONLY}")
    assert f"mart: column {column} should be {types}" in found


def test_a_null_key_is_a_key_like_any_other() -> None:
    null_key = replacing("segment_value", "cast(null as varchar)")
    assert compare(null_key, null_key) == []
    assert len(compare(f"from expected {ALL_ONLY}", null_key)) == 2


def test_a_missing_row_is_found() -> None:
    assert compare(f"from expected {ALL_ONLY}") == [
        "mart: cohort_date 2024-01-01, segment_value other is missing"
    ]


def test_a_row_too_many_is_found() -> None:
    assert compare("from expected", f"from expected {ALL_ONLY}") == [
        "mart: cohort_date 2024-01-01, segment_value other is not expected"
    ]


def test_an_empty_side_is_found() -> None:
    assert len(compare("from expected limit 0")) == 2
    assert len(compare("from expected", "from expected limit 0")) == 2


@pytest.mark.parametrize("side", ["expected", "found"])
def test_a_repeated_key_is_found_on_either_side(side: str) -> None:
    once = f"from expected {ALL_ONLY}"
    twice = f"{once} union all {once}"
    found = compare(*((once, twice) if side == "expected" else (twice, once)))
    assert found == [f"mart: cohort_date 2024-01-01, segment_value all is {side} more than once"]


def test_a_missing_column_is_found() -> None:
    assert compare("select * exclude (is_pql) from expected") == ["mart: column is_pql is missing"]


def test_a_column_too_many_is_found() -> None:
    assert compare("select *, 1 as note from expected") == ["mart: column note is not expected"]


def test_a_missing_key_column_is_found() -> None:
    assert compare("select * exclude (cohort_date) from expected") == [
        "mart: column cohort_date is missing"
    ]


def test_omitted_columns_are_not_missed() -> None:
    actual = "select * exclude (is_pql, mean_seconds, milestone_score) from expected"
    assert compare(actual, omitted="is_.*|.*_seconds") == [
        "mart: column milestone_score is missing"
    ]


def test_the_limit_bounds_examples_and_not_the_count() -> None:
    many = "select * replace (cast(i as varchar) as segment_value) from expected, range(30) as r(i)"
    many += f" {ALL_ONLY}"
    wrong = f"select * replace (false as is_pql) from ({many})"
    found = compare(wrong, many, limit=4)
    assert len(found) == 4
    assert all(sentence.endswith("(30 rows differ in it)") for sentence in found)


def test_marts_are_compared_by_the_keys_of_the_register(tmp_path: Path) -> None:
    for name, score in (("ours", 1), ("theirs", 2)):
        with duckdb.connect(str(tmp_path / f"{name}'s.duckdb")) as connection:
            connection.execute("create schema marts")
            connection.execute(
                f"create table marts.pql_scores as select 'ann' as user_id, {score} as score"
            )
    with open_databases(
        ours=tmp_path / "ours's.duckdb", theirs=tmp_path / "theirs's.duckdb"
    ) as both:
        found = mart_differences(both, "ours.marts.{}".format, "theirs.marts.{}".format)
    unread = [sentence for sentence in found if ": it can't be read: " in sentence]
    assert len(unread) == len(read_marts()) - 1
    assert set(found) - set(unread) == {
        "pql_scores: user_id ann: score should be 1 and is 2 (1 rows differ in it)"
    }
