"""The generic test keeps_promises finds each kind of fault, and says which promise is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plg.marts import read_marts
from tests.harness import compiled

# mart, what is changed in one row, which row, and what keeps_promises has to say of it.
FAULTS = [
    ("activation_by_cohort", "cohort_date = null", "true", ["cohort_date is null"]),
    ("activation_by_cohort", "signup_count = null", "true", ["signup_count is null"]),
    (
        "growth_accounting_by_week",
        "churned_user_count = -1",
        "true",
        ["churned_user_count is negative"],
    ),
    (
        "milestone_completion_by_cohort",
        "completed_both_user_count = -1",
        "previous_completed_user_count is null",
        ["completed_both_user_count is negative"],
    ),
    (
        "retention_by_cohort",
        "cohort_user_count = eligible_user_count - 1",
        "eligible_user_count > 0",
        ["eligible_user_count is more than cohort_user_count"],
    ),
    (
        "pql_conversion_by_cohort",
        "pql_without_activation_count = eligible_user_count - activated_user_count + 1",
        "true",
        ["pql_without_activation_count is more than eligible_user_count - activated_user_count"],
    ),
    ("pql_scores", "milestone_score = -0.1", "true", ["milestone_score is less than 0"]),
    (
        "time_to_first_value_curve",
        "survival_ci_upper = 1.5",
        "true",
        ["survival_ci_upper is more than 1"],
    ),
    (
        "active_users_by_day",
        "stickiness_rate = stickiness_rate + 1e-15",
        "stickiness_rate > 0 and stickiness_rate < 0.5",
        ["stickiness_rate is not dau / mau"],
    ),
    (
        "active_users_by_day",
        "stickiness_rate = null",
        "mau > 0",
        ["stickiness_rate is null although mau is not 0"],
    ),
    (
        "active_users_by_day",
        "stickiness_rate = 0",
        "mau = 0",
        ["stickiness_rate is not null although mau is 0 or null"],
    ),
    (
        "milestone_completion_by_cohort",
        "conversion_from_previous_rate = 0",
        "previous_completed_user_count is null",
        [
            (
                "conversion_from_previous_rate is not null although "
                "previous_completed_user_count is 0 or null"
            )
        ],
    ),
    (
        "time_to_first_value_curve",
        "event_count = 2 * at_risk_count, hazard_rate = 2",
        "at_risk_count > 0",
        ["event_count is more than at_risk_count", "hazard_rate is more than 1"],
    ),
    (
        "viral_coefficient_by_cohort",
        "k_factor = -k_factor",
        "k_factor > 0",
        ["k_factor is not invited_signup_count / cohort_user_count", "k_factor is negative"],
    ),
    (
        "activation_by_cohort",
        "activation_rate_ci_upper = null",
        "eligible_user_count > 0",
        ["activation_rate has no interval"],
    ),
    (
        "activation_by_cohort",
        "activation_rate_ci_lower = 0",
        "eligible_user_count = 0",
        ["activation_rate is null, but has an interval"],
    ),
    (
        "activation_by_cohort",
        "activation_rate_ci_lower = activation_rate + 1e-9",
        "activation_rate < 1",
        ["activation_rate is outside its interval"],
    ),
    (
        "activation_by_cohort",
        "activation_rate_ci_upper = activation_rate - 1e-9",
        "activation_rate > 0",
        ["activation_rate is outside its interval"],
    ),
    (
        "activation_by_cohort",
        "activation_rate_ci_upper = 1.1",
        "activation_rate > 0",
        ["the interval of activation_rate leaves 0 to 1"],
    ),
    (
        "segment_tests",
        "rate = 0.5",
        "test_name = 'log_rank'",
        ["rate is not null, but not test_name = chi_square and comparison = one_value"],
    ),
    (
        "segment_tests",
        "rate = null",
        "test_name = 'chi_square' and comparison = 'one_value'",
        ["rate is null although user_count is not 0"],
    ),
    ("pql_scores", "scored_at = null", "true", ["scored_at is null"]),
    (
        "kpi_scorecard",
        "status = 'fine'",
        "true",
        [
            "status is not one of not_measured, unknown, met, not_enough_data, stable, "
            "needs_attention, on_track, improving",
        ],
    ),
    (
        "growth_accounting_by_week",
        "new_user_count = null, retained_user_count = -2",
        "true",
        ["new_user_count is null", "retained_user_count is negative"],
    ),
]


@pytest.fixture(scope="module")
def queries(manifest: dict[str, Any], spare_sample_database: Path) -> dict[str, str]:
    """keeps_promises of each mart, as dbt compiles it for the database built from the sample."""
    nodes = manifest["nodes"]
    code = compiled(spare_sample_database, "--select", "test_name:keeps_promises,path:models/marts")
    return {nodes[nodes[test]["attached_node"]]["name"]: sql for test, sql in code.items()}


@pytest.fixture
def copy(sample_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory of the same name, for copies of marts that may be spoilt."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_database}' as built (read_only)")
        connection.execute(f"attach ':memory:' as {sample_database.stem}")
        connection.execute(f"use {sample_database.stem}")
        connection.execute("create schema marts")
        yield connection


def copy_mart(copy: duckdb.DuckDBPyConnection, mart: str) -> None:
    copy.execute(f"create table marts.{mart} as select * from built.marts.{mart}")


def broken(copy: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows that the query returns, by column."""
    result = copy.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.mark.parametrize("mart", read_marts())
def test_the_sample_keeps_every_promise(
    queries: dict[str, str], copy: duckdb.DuckDBPyConnection, mart: str
) -> None:
    copy_mart(copy, mart)
    assert broken(copy, queries[mart]) == []


@pytest.mark.parametrize(("mart", "change", "where", "sentences"), FAULTS)
def test_it_finds_the_fault_and_says_what_it_is(
    queries: dict[str, str],
    copy: duckdb.DuckDBPyConnection,
    mart: str,
    change: str,
    where: str,
    sentences: list[str],
) -> None:
    copy_mart(copy, mart)
    first = f"(select min(rowid) from marts.{mart} where {where})"
    copy.execute(f"update marts.{mart} set {change} where rowid = {first}")
    (row,) = broken(copy, queries[mart])
    said = [sentence for sentence in row.pop("broken_promises").split("; ") if sentence]
    assert set(sentences) <= set(said)
    assert tuple(row) == read_marts()[mart].key


def test_it_says_no_more_than_what_is_broken(
    queries: dict[str, str], copy: duckdb.DuckDBPyConnection
) -> None:
    copy_mart(copy, "pql_scores")
    copy.execute("update marts.pql_scores set is_pql = null where rowid = 3")
    (row,) = broken(copy, queries["pql_scores"])
    assert row["broken_promises"] == "is_pql is null; "


@pytest.mark.parametrize("mart", read_marts())
def test_a_key_that_comes_twice_is_found(
    queries: dict[str, str], copy: duckdb.DuckDBPyConnection, mart: str
) -> None:
    copy_mart(copy, mart)
    if not copy.execute(f"select 1 from marts.{mart} limit 1").fetchall():
        # The sample has nothing to warn of: a row of the key's texts alone.
        key = read_marts()[mart].key
        copy.execute(
            f"insert into marts.{mart} ({', '.join(key)}) values ({', '.join(['?'] * len(key))})",
            ["weights_not_one"] * len(key),
        )
        copy.execute(f"update marts.{mart} set row_count = 0, message = 'one'")
    copy.execute(f"insert into marts.{mart} select * from marts.{mart} where rowid = 0")
    (row,) = broken(copy, queries[mart])
    assert row["broken_promises"] == "the key is not unique; "


def test_a_rate_that_may_pass_one_may(
    queries: dict[str, str], copy: duckdb.DuckDBPyConnection
) -> None:
    mart = "viral_coefficient_by_cohort"
    copy_mart(copy, mart)
    copy.execute(f"""
        update marts.{mart} set
            invited_signup_count = 2 * cohort_user_count,
            k_factor = 2,
            invitation_conversion_rate
                = cast(2 * cohort_user_count as double) / nullif(invitation_count, 0)
        where cohort_user_count > 0
    """)
    assert broken(copy, queries[mart]) == []
