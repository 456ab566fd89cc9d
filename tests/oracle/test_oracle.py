"""Every cell of every mart against independent Python, on random dirty data and on real data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from _pytest.mark import ParameterSet

from plg.marts import read_marts
from tests.harness import PROJECT, build
from tests.oracle.expected import WrongValue, lines, load, oracle_differences
from tests.oracle.marts import compute_marts
from tests.oracle.population import MARTS
from tests.oracle.random_data import write_case
from tests.oracle.real_data import REAL_DATA, REAL_MILESTONES, write_definitions

CASE_COUNT = int(os.environ.get("PLG_ORACLE_CASES", "12"))
# Of each set of features.
FEATURE_CASE_COUNT = int(os.environ.get("PLG_ORACLE_FEATURE_CASES", "2"))
# The other cases take too long for scripts/test; `plg replay` builds them.
SHORT_CASES = 1
LONG_SITE = "cdnow"
# The oracle knows them already; the project gets them next.
MARTS_TO_COME = frozenset(
    {
        "pql_score_history",
        "pql_calibration",
        "pql_calibration_by_bin",
        "pql_thresholds",
        "pql_drift_by_week",
        "pql_rate_by_cohort",
        "leads_to_hand_off",
        "handoff_outcomes_by_week",
        "early_behavior_value",
        "metric_history_by_definition",
        "playbook_kpis",
    }
)
# These have other rows or columns then.
MARTS_TO_CHANGE = frozenset(
    {
        "pql_scores",
        "kpi_scorecard",
        "data_quality_by_rule",
        "input_by_decision",
        "build_warnings",
    }
)


def assert_marts_equal_oracle(
    database: Path,
    raw_dir: Path,
    definitions_dir: Path,
    variables: Mapping[str, object] | None = None,
    settings: Mapping[str, str] | None = None,
) -> None:
    """Compares all marts of the database with what the oracle computes from the raw files."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    expected = compute_marts(raw_dir, definitions_dir, now, variables, settings)
    expected = {
        name: rows for name, rows in expected.items() if name not in MARTS_TO_COME | MARTS_TO_CHANGE
    }
    found = [
        sentence
        for sentence in oracle_differences(database, expected)
        if sentence.partition(":")[0] not in MARTS_TO_CHANGE
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[pytest.mark.long] if number >= SHORT_CASES else [])
        for number in range(CASE_COUNT)
    ],
)
def test_random_data(number: int, tmp_path: Path) -> None:
    case = write_case(number, tmp_path, ("funnels",))
    database = build(case.raw_dir, tmp_path, case.definitions_dir, case.variables)
    assert_marts_equal_oracle(database, case.raw_dir, case.definitions_dir, case.variables)


# The cases above have funnels, and so has the last one here.
# `pytest tests/oracle -m "identity and not segments"` runs the cases of the first two rows.
FEATURES_TOGETHER = (
    ("identity",),
    ("identity", "devices"),
    ("segments",),
    ("zone",),
    ("segments", "zone"),
    ("identity", "segments", "zone"),
    ("identity", "devices", "segments", "zone", "names", "funnels", "leads"),
)
# This one has all features: scripts/test builds it.
SHORT_CASE = (FEATURES_TOGETHER[-1], 1)


def cases_with_features() -> Iterator[ParameterSet]:
    for features in FEATURES_TOGETHER:
        for number in range(FEATURE_CASE_COUNT):
            marks = [getattr(pytest.mark, feature) for feature in features]
            if (features, number) != SHORT_CASE:
                marks.append(pytest.mark.long)
            name = f"{'-'.join(features)}-{number}"
            yield pytest.param(number, features, marks=marks, id=name)


@pytest.mark.parametrize(("number", "features"), list(cases_with_features()))
def test_random_data_with_features(number: int, features: tuple[str, ...], tmp_path: Path) -> None:
    if "leads" in features:
        skip_what_is_to_come()
    case = write_case(number, tmp_path, features)
    database = build(
        case.raw_dir,
        tmp_path,
        case.definitions_dir,
        case.variables,
        environment=case.settings,
    )
    assert_marts_equal_oracle(
        database, case.raw_dir, case.definitions_dir, case.variables, case.settings
    )


def skip_what_is_to_come() -> None:
    if MARTS_TO_COME - read_marts().keys():
        pytest.skip("the project has no marts of leads yet")


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[pytest.mark.long] if number >= SHORT_CASES else [])
        for number in range(CASE_COUNT)
    ],
)
def test_random_leads(number: int, tmp_path: Path) -> None:
    skip_what_is_to_come()
    case = write_case(number, tmp_path, ("leads",))
    database = build(
        case.raw_dir,
        tmp_path,
        case.definitions_dir,
        case.variables,
        environment=case.settings,
    )
    assert_marts_equal_oracle(
        database, case.raw_dir, case.definitions_dir, case.variables, case.settings
    )


@pytest.mark.parametrize(
    "site",
    [
        pytest.param(site, marks=[pytest.mark.long] if site == LONG_SITE else [])
        for site in REAL_MILESTONES
    ],
)
def test_real_data(site: str, tmp_path: Path) -> None:
    raw_dir = REAL_DATA / site
    if not raw_dir.is_dir():
        pytest.skip(f"{raw_dir} is not there; PLG_REAL_DATA names the folder that holds {site}")
    definitions_dir = write_definitions(site, tmp_path / "definitions")
    database = build(raw_dir, tmp_path, definitions_dir)
    assert_marts_equal_oracle(database, raw_dir, definitions_dir)


def test_bundled_sample(sample_database: Path) -> None:
    assert_marts_equal_oracle(sample_database, PROJECT / "sample", PROJECT / "seeds")


def test_the_oracle_knows_every_mart_and_no_other() -> None:
    for name, mart in read_marts().items():
        assert name in MARTS, f"tests/oracle/{mart.family}.py has no function {name} with @mart"
    assert set(MARTS) - MARTS_TO_COME == set(read_marts())


def test_each_mart_is_computed_in_the_module_of_its_family() -> None:
    for name, mart in read_marts().items():
        assert MARTS[name].__module__ == f"tests.oracle.{mart.family}", name


ROW = {"n": 3, "rate": 0.1 + 0.2, "score": Decimal("0.80"), "name": "\U0001f600 \"'\\", "on": None}
TYPES = {
    "n": "bigint",
    "rate": "double",
    "score": "decimal(18, 5)",
    "name": "string",
    "on": "date",
}


def test_rows_are_loaded_as_they_are() -> None:
    rows = [ROW, ROW | {"n": None, "on": date(2024, 2, 29)}]
    with duckdb.connect() as connection:
        load(connection, "mart", rows, TYPES)
        loaded = connection.execute("from expected_mart").fetchall()
    assert loaded == [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("n", True),
        ("n", 3.0),
        ("n", "3"),
        ("rate", 1),
        ("rate", Decimal("0.3")),
        ("score", 0.8),
        ("score", Decimal("0.800001")),
        ("name", 3),
        ("on", datetime(2024, 1, 1)),
        ("on", "2024-01-01"),
    ],
)
def test_a_value_of_another_type_is_refused(column: str, value: object) -> None:
    with pytest.raises(WrongValue, match=column):
        list(lines("mart", [ROW | {column: value}], TYPES))


def test_a_row_of_other_columns_is_refused() -> None:
    with pytest.raises(WrongValue, match="extra"):
        list(lines("mart", [ROW | {"extra": 1}], TYPES))
