"""The marts about leads find what is planted. A test whose mart or seed is not there yet says so and skips."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.cases import CASES, CASES_FROM, SHIPPED_EXIT, Case
from simulator.definitions import write_changed_definitions
from simulator.generate import generate
from simulator.law import BEHAVIORS, TOUR_FROM
from simulator.truth import PlantedTruth
from simulator.truth_of_qualification import PLAYBOOK_TIMEFRAME_DAYS
from tests.harness import BUILD, build, query
from tests.simulator.checks import bonferroni_z, misses, wilson
from tests.simulator.qualification import (
    PROJECT,
    counting,
    create_snapshots,
    fitted,
    patterns,
    split_date,
)
from tests.simulator.test_planted_truth import rate_check
from tests.simulator.test_planted_truth import rows as rows_of_all

DECOYS = ("called_api", "onboarded")
REAL = [name for name, (_, _, log_odds) in BEHAVIORS.items() if log_odds]
FIRST_INFLATED_WEEK = TOUR_FROM + timedelta(days=8)
# Cases whose users are units themselves: the account is one only with handoff_unit_type account.
OF_USERS = [case for case in CASES if case.unit_type == "user"]


def rows(database: Path, mart: str, condition: str) -> list[dict[str, Any]]:
    """The rows of a mart for which the condition holds; skips where the mart is not there."""
    known = query(
        database,
        "select 1 from information_schema.tables "
        f"where table_schema = 'marts' and table_name = '{mart}'",
    )
    if not known:
        pytest.skip(f"the mart {mart} is not there yet")
    return query(database, f"select * from marts.{mart} where {condition}")


def seed(name: str) -> list[dict[str, str]]:
    file = PROJECT / "seeds" / f"{name}.csv"
    if not file.exists():
        pytest.skip(f"the seed {name}.csv is not there yet")
    with file.open(newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> PlantedTruth:
    """What is planted in the bundled sample."""
    return generate(tmp_path_factory.mktemp("bundled"))


# The bundled sample


@pytest.mark.parametrize("unit_type", ["user", "account"])
def test_decoys_are_not_predictive_in_the_later_set(sample_database, unit_type):
    found = rows(
        sample_database,
        "early_behavior_value",
        f"unit_type = '{unit_type}' and outcome = 'converted' and snapshot_set = 'later'",
    )
    verdicts = {row["behavior_id"]: row["is_predictive"] for row in found}
    assert {name: verdicts[name] for name in DECOYS} == dict.fromkeys(DECOYS, False)


def test_what_is_planted_is_predictive_in_the_earlier_set(sample_database):
    found = rows(
        sample_database,
        "early_behavior_value",
        "unit_type = 'account' and outcome = 'converted' and snapshot_set = 'earlier'",
    )
    verdicts = {row["behavior_id"]: row["is_predictive"] for row in found}
    assert {name: verdicts[name] for name in REAL} == dict.fromkeys(REAL, True)


@pytest.mark.parametrize("unit_type", ["user", "account"])
def test_the_mart_counts_as_the_raw_files_do(sample_database, unit_type):
    found = rows(
        sample_database,
        "early_behavior_value",
        f"unit_type = '{unit_type}' and outcome = 'converted' and snapshot_set = 'earlier'",
    )
    raw = counting(PROJECT / "sample")
    create_snapshots(raw, datetime(2024, 6, 29), unit_type)
    counts = dict.fromkeys(BEHAVIORS, 0)
    for done, units, _ in patterns(raw, f"midnight < '{split_date(raw)}'"):
        for name, is_done in zip(BEHAVIORS, done, strict=True):
            counts[name] += units * is_done
    assert {row["behavior_id"]: row["done_unit_count"] for row in found} == counts


def test_the_shipped_weights_are_those_of_the_sample(sample_database):
    """scripts/fit_propensity, written a second time: per user, of the earlier set."""
    shipped = {row["behavior_id"]: row["weight"] for row in seed("propensity_behaviors")}
    raw = counting(PROJECT / "sample")
    create_snapshots(raw, datetime(2024, 6, 29), "user")
    weights, _ = fitted(patterns(raw, f"midnight < '{split_date(raw)}'"))
    assert {name: float(weight) for name, weight in shipped.items()} == {
        name: round(weight, 4) for name, weight in weights.items()
    }


def test_accounts_are_told_apart_better_than_users(sample_database):
    found = rows(
        sample_database,
        "pql_calibration",
        "scheme = 'propensity' and snapshot_age_days = 7 and snapshot_set = 'earlier'",
    )
    aucs = {row["unit_type"]: row["auc"] for row in found}
    assert aucs["account"] > aucs["user"] > 0.6


def test_points_drift_from_the_inflated_week_on_and_not_before(sample_database):
    found = rows(sample_database, "pql_drift_by_week", "unit_type = 'user' and scheme = 'points'")
    major = {row["week_start_date"] for row in found if row["drift_status"] == "major"}
    assert major == {
        row["week_start_date"] for row in found if row["week_start_date"] >= FIRST_INFLATED_WEEK
    }
    assert len(major) >= 6


@pytest.mark.parametrize("case", OF_USERS, ids=lambda case: case.name)
def test_a_case_is_handed_off_as_planted(sample_database, case: Case):
    found = rows(
        sample_database,
        "leads_to_hand_off",
        f"unit_type = 'user' and unit_id = '{case.unit_id}'",
    )
    expected = [
        (case.status, CASES_FROM + timedelta(days=start), number)
        for number, (start, _) in enumerate(case.leads[SHIPPED_EXIT], start=1)
        if start <= 30
    ]
    assert [
        (row["status"], row["handed_off_date"], row["handoff_number"]) for row in found
    ] == expected


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.scores], ids=lambda case: case.name
)
def test_a_case_has_the_planted_score(sample_database, case: Case):
    for day, score in case.scores.items():
        date = CASES_FROM + timedelta(days=day)
        found = rows(
            sample_database,
            "pql_score_history",
            f"scheme = 'points' and unit_type = '{case.unit_type}' and unit_id = '{case.unit_id}' "
            f"and valid_from_date <= date '{date}' "
            f"and coalesce(valid_until_date > date '{date}', true)",
        )
        assert [float(row["score"]) for row in found] == [score]
    for start, _ in case.leads[SHIPPED_EXIT]:
        date = CASES_FROM + timedelta(days=start)
        found = rows(
            sample_database,
            "pql_score_history",
            f"scheme = 'points' and unit_type = '{case.unit_type}' and unit_id = '{case.unit_id}' "
            f"and valid_from_date <= date '{date}' order by valid_from_date desc limit 2",
        )
        assert [row["is_lead"] for row in found][:2] in ([True, False], [True])


def test_playbooks_have_the_planted_rates(sample_database, planted):
    found = rows(sample_database, "playbook_kpis", "playbook_id = 'self_serve'")
    by_event = {row["kpi_id"]: row for row in found}
    z = bonferroni_z(len(PLAYBOOK_TIMEFRAME_DAYS))
    for name, share in planted.qualification.playbook_rate.items():
        row = by_event[name]
        lower, upper = wilson(row["achieved_user_count"], row["eligible_user_count"])(z)
        assert lower <= share <= upper
    assert by_event["project_created"]["status"] == "met"
    assert by_event["output_shared"]["status"] == "below"
    absent = by_event["account_setup_completed"]
    assert (absent["is_instrumented"], absent["achieved_rate"]) == (False, None)
    assert absent["status"] == "unknown"


@pytest.mark.parametrize("table", ["accounts", "subscriptions"])
def test_data_quality_counts_the_planted_rows(sample_database, planted, table):
    found = rows(sample_database, "data_quality_by_rule", f"table_name = '{table}'")
    if not found:
        pytest.skip(f"the table {table} is not read yet")
    counts = {row["rule_name"]: row["row_count"] for row in found}
    removed = planted.qualification.removed_row_counts[table]
    assert counts == dict.fromkeys(counts, 0) | removed


# A changed definition


@pytest.mark.long
def test_a_changed_definition_moves_activation_by_the_planted_amount(tmp_path):
    """The build of the changed folder; test_planted_truth.py builds the other."""
    write_changed_definitions(PROJECT / "seeds", tmp_path / "changed")
    for name in ("raw", "build"):
        (tmp_path / name).mkdir()
    truth = generate(tmp_path / "raw", users=20_000, days=150, seed=11)
    database = build(
        tmp_path / "raw",
        tmp_path / "build",
        definitions_dir=tmp_path / "changed",
        arguments=[*BUILD, "--select", "+activation_by_cohort"],
    )
    names = "activated_user_count eligible_user_count activation_rate"
    found = {
        which: [
            rate_check(
                "activation", "", rates[row["window_days"]][row["segment_value"]], row, names
            )
            for row in rows_of_all(database, "activation_by_cohort")
        ]
        for which, rates in (
            ("changed", truth.changed_activation_rate),
            ("as before", truth.activation_rate),
        )
    }
    assert misses(found["changed"]) == []
    assert misses(found["as before"])
