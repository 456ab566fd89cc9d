"""`mf query` gives the numbers of the marts, and `mf validate-configs` is clean.

The marts are the source; a metric's description names the column that it equals.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness import PROJECT, SETTINGS, build, parsed_file, query
from tests.oracle.random_data import write_case

TOLERANCE = 1e-9
SEGMENT_TYPES = ("all", "acquisition_type", "install_source", "plan_tier")
# A random case with two paths, whose first milestones tie in order, and with late first values.
EDITED_CASE = 49


@dataclass(frozen=True)
class Comparison:
    """Metrics to ask for in one query, and the rows of their mart that hold the same numbers."""

    metrics: tuple[str, ...]
    # Which rows of the mart.
    condition: str = "true"
    # MetricFlow's dimension, and the mart's column, of what the mart has rows for besides.
    dimensions: dict[str, str] = field(default_factory=dict)
    # Whose segments they are.
    entity: str = "user"
    # The mart's column of weeks, where it has no cohorts and no segments.
    week_column: str = ""


def scorecard_milestone(column: str, which: str) -> str:
    return f"{column} = (select {which}_milestone_id from intermediate.int_scorecard_milestones)"


# The metrics of the scorecard, each with the counts behind it.
SCORECARD = {
    "activation_rate": Comparison(
        ("signup_count", "activation_eligible_user_count", "activated_user_count"),
        "window_days = (select max(window_days) from marts.activation_by_cohort)",
    ),
    "time_to_first_value": Comparison(
        (
            "first_value_eligible_user_count",
            "first_value_reached_user_count",
            "first_value_reached_rate",
            "median_time_to_first_value_seconds",
        )
    ),
    "milestone_completion_rate": Comparison(
        ("milestone_eligible_user_count", "milestone_completed_user_count"),
        scorecard_milestone("milestone_id", "first"),
    ),
    "milestone_velocity": Comparison(
        ("velocity_eligible_user_count", "velocity_progressed_user_count"),
        scorecard_milestone("from_milestone_id", "first"),
    ),
    "milestone_cohort_conversion": Comparison(
        ("milestone_previous_completed_user_count", "milestone_completed_both_user_count"),
        scorecard_milestone("milestone_id", "second"),
    ),
    "viral_coefficient": Comparison(("viral_cohort_user_count", "invited_signup_count")),
    "retention_d7": Comparison(
        ("retention_d7_eligible_user_count", "retention_d7_retained_user_count"),
        "cohort_anchor = 'activation' and period_grain = 'day' and period_number = 7",
    ),
    "retention_d30": Comparison(
        ("retention_d30_eligible_user_count", "retention_d30_retained_user_count"),
        "cohort_anchor = 'activation' and period_grain = 'day' and period_number = 30",
    ),
    "pql_conversion_rate": Comparison(
        ("pql_eligible_user_count", "pql_activated_user_count", "pql_user_count")
    ),
    "account_pql_rate": Comparison(
        ("account_eligible_unit_count", "account_reached_unit_count"),
        "unit_type = 'account' and scheme = 'points'",
        entity="unit",
    ),
    "handoff_conversion_rate": Comparison(
        (
            "handoff_count",
            "eligible_handoff_count",
            "converted_handoff_count",
            "false_discovery_rate",
        ),
        # MetricFlow has no row for a week without a hand-off.
        "handoff_count > 0",
        week_column="week_start_date",
    ),
}
# Those for every window, milestone, step and day.
DETAILS = [
    Comparison(
        (
            "eligible_user_count_by_window",
            "activated_user_count_by_window",
            "activation_rate_by_window",
        ),
        dimensions={"user_window__window_days": "window_days"},
    ),
    Comparison(
        (
            "eligible_user_count_by_milestone",
            "completed_user_count_by_milestone",
            "completion_rate_by_milestone",
            "previous_completed_user_count_by_milestone",
            "completed_both_user_count_by_milestone",
            "conversion_from_previous_rate_by_milestone",
        ),
        dimensions={"user_milestone__milestone_id": "milestone_id"},
    ),
    Comparison(
        (
            "eligible_user_count_by_step",
            "progressed_user_count_by_step",
            "progression_rate_by_step",
            "median_seconds_by_step",
        ),
        dimensions={
            "user_step__path": "path",
            "user_step__from_milestone_id": "from_milestone_id",
            "user_step__to_milestone_id": "to_milestone_id",
        },
    ),
    Comparison(
        ("eligible_user_count_by_day", "retained_user_count_by_day", "retention_rate_by_day"),
        "period_grain = 'day'",
        {"user_day__cohort_anchor": "cohort_anchor", "user_day__day_number": "period_number"},
    ),
    Comparison(
        ("eligible_unit_count", "reached_unit_count", "pql_rate"),
        dimensions={"unit__unit_type": "unit_type", "unit_scheme__scheme": "scheme"},
        entity="unit",
    ),
]


@dataclass(frozen=True)
class Question:
    """A comparison, by cohorts of one grain and the segments of one type."""

    comparison: Comparison
    cohort_grain: str
    segment_type: str

    def dimensions(self) -> dict[str, str]:
        """MetricFlow's dimensions, and the mart's columns for them."""
        found = dict(self.comparison.dimensions)
        if self.cohort_grain != "all":
            found[f"metric_time__{self.cohort_grain}"] = (
                self.comparison.week_column or "cohort_date"
            )
        if self.segment_type != "all":
            found[f"{self.comparison.entity}__{self.segment_type}"] = "segment_value"
        return found

    def arguments(self, answer: Path) -> list[str]:
        """The command line that writes the answer."""
        command = ["query", "--quiet", "--metrics", ",".join(self.comparison.metrics)]
        if dimensions := self.dimensions():
            command += ["--group-by", ",".join(dimensions)]
        return [*command, "--csv", str(answer)]


def questions() -> list[Question]:
    scorecard = [
        replace(comparison, metrics=(name, *comparison.metrics))
        for name, comparison in SCORECARD.items()
    ]
    by_week = [comparison for comparison in scorecard if comparison.week_column]
    scorecard = [comparison for comparison in scorecard if not comparison.week_column]
    return [
        *(Question(comparison, "week", "all") for comparison in by_week),
        *(
            Question(comparison, cohort_grain, segment_type)
            for comparison in scorecard
            for cohort_grain in ("week", "all")
            for segment_type in SEGMENT_TYPES
        ),
        *(Question(comparison, "month", "all") for comparison in scorecard),
        *(
            Question(comparison, cohort_grain, segment_type)
            for comparison in DETAILS
            for cohort_grain, segment_type in (("week", "all"), ("all", "plan_tier"))
        ),
    ]


def source_of(metric: dict[str, Any]) -> tuple[str, str, float]:
    """Mart and column that the metric equals, and the divisor, as its description says."""
    equals = re.search(r"Equals (\w+)\.(\w+)(?: / (\d+))?\.$", metric["description"].strip())
    assert equals, f"{metric['name']} does not say what it equals"
    return equals[1], equals[2], float(equals[3] or 1)


def run_mf(commands: list[list[str]], database: Path, workdir: Path, raw_dir: Path) -> str:
    """Runs `mf` on a copy of the database, with the semantic manifest of the project."""
    project = workdir / "project"
    (project / "target").mkdir(parents=True)
    shutil.copy(PROJECT / "dbt_project.yml", project)
    shutil.copy(parsed_file("semantic_manifest.json"), project / "target")
    # Under its own name, which is the catalogue's in the manifest.
    copy = shutil.copy(database, workdir / "project" / database.name)
    inherited = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    finished = subprocess.run(
        [sys.executable, "-m", "tests.marts.metricflow"],
        cwd=PROJECT,
        env={
            **inherited,
            "PLG_DATABASE": str(copy),
            "PLG_RAW_DIR": str(raw_dir),
            "DBT_PROJECT_DIR": str(project),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_TARGET_PATH": str(workdir / "target"),
            "DBT_LOG_PATH": str(workdir / "logs"),
        },
        input=json.dumps(commands),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


Answer = dict[tuple[str, ...], dict[str, float | None]]


def read_answer(path: Path, question: Question) -> Answer:
    """MetricFlow's numbers by the values of the dimensions; it writes no file without rows."""
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        answer = {
            tuple(
                row[name][:10] if name.startswith("metric_time") else row[name]
                for name in question.dimensions()
            ): {
                name: float(row[name]) if row[name] else None
                for name in question.comparison.metrics
            }
            for row in csv.DictReader(file)
        }
    # Without dimensions there is always a row, of nulls where there is nobody to count.
    if not question.dimensions() and set(answer[()].values()) == {None}:
        return {}
    return answer


def read_mart(database: Path, question: Question, metrics: dict[str, dict[str, Any]]) -> Answer:
    """The same numbers, from the mart."""
    sources = {name: source_of(metrics[name]) for name in question.comparison.metrics}
    (mart,) = {mart for mart, _, _ in sources.values()}
    rows_of = (
        "true"
        if question.comparison.week_column
        else f"cohort_grain = '{question.cohort_grain}' and segment_type = '{question.segment_type}'"
    )
    rows = query(
        database, f"select * from marts.{mart} where {rows_of} and {question.comparison.condition}"
    )
    return {
        tuple(str(row[column]) for column in question.dimensions().values()): {
            name: None if row[column] is None else row[column] / divisor
            for name, (_, column, divisor) in sources.items()
        }
        for row in rows
    }


def is_equal(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return abs(found - expected) <= TOLERANCE


def differences(found: Answer, expected: Answer) -> list[str]:
    return [
        f"{key}: {name} is {found.get(key, {}).get(name, 'absent')}, "
        f"in the mart {expected.get(key, {}).get(name, 'absent')}"
        for key in sorted(found.keys() | expected.keys())
        for name in (found.get(key) or expected[key])
        if key not in found
        or key not in expected
        or not is_equal(found[key][name], expected[key][name])
    ]


@pytest.fixture(scope="session")
def metrics(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {metric["name"]: metric for metric in manifest["metrics"].values()}


def test_every_metric_is_compared(metrics: dict[str, dict[str, Any]]) -> None:
    compared = {name for question in questions() for name in question.comparison.metrics}
    assert compared == set(metrics)


def assert_metrics_equal_the_marts(
    database: Path,
    workdir: Path,
    raw_dir: Path,
    metrics: dict[str, dict[str, Any]],
    asked_questions: list[Question],
) -> list[tuple[Question, Answer]]:
    """Asks every question, and gives the answers."""
    asked = {workdir / f"{number}.csv": question for number, question in enumerate(asked_questions)}
    commands = [["validate-configs", "--show-all"]]
    commands += [question.arguments(answer) for answer, question in asked.items()]
    printed = run_mf(commands, database, workdir, raw_dir)
    assert "ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: 0" in printed
    assert not re.search(r"(ERRORS|WARNINGS): [1-9]", printed), printed
    answers, wrong = [], []
    for path, question in asked.items():
        found, expected = read_answer(path, question), read_mart(database, question, metrics)
        if question.comparison.week_column:
            # The mart leaves out the week under way.
            found = {week: row for week, row in found.items() if week <= max(expected, default=())}
        answers.append((question, found))
        wrong += [
            f"by {question.cohort_grain} and {question.segment_type}, {difference}"
            for difference in differences(found, expected)
        ]
    assert not wrong, "\n".join(wrong[:20])
    return answers


@pytest.mark.long
def test_metrics_equal_the_marts(
    sample_database: Path, tmp_path: Path, metrics: dict[str, dict[str, Any]]
) -> None:
    answers = assert_metrics_equal_the_marts(
        sample_database, tmp_path, PROJECT / "sample", metrics, questions()
    )
    assert all(answer for _, answer in answers)
    scorecard = query(
        sample_database, "select metric_id, week_start_date, current_value from marts.kpi_scorecard"
    )
    assert {row["metric_id"] for row in scorecard} == set(SCORECARD)
    weeks = {
        name: answer
        for question, answer in answers
        for name in question.comparison.metrics
        if (question.cohort_grain, question.segment_type) == ("week", "all")
    }
    for row in scorecard:
        found = weeks[row["metric_id"]][(str(row["week_start_date"]),)][row["metric_id"]]
        assert is_equal(found, row["current_value"]), row


@pytest.mark.long
def test_metrics_follow_edited_definitions(
    tmp_path: Path, metrics: dict[str, dict[str, Any]]
) -> None:
    case = write_case(EDITED_CASE, tmp_path)
    (tmp_path / "build").mkdir()
    variables = {"observed_until": case.observed_until, "activation_windows_days": [30, 3]}
    database = build(case.raw_dir, tmp_path / "build", case.definitions_dir, variables)
    followed = query(database, "select * from intermediate.int_scorecard_milestones")
    assert [row["first_milestone_id"] for row in followed] == ["Z1"]
    by_week = [question for question in questions() if question.cohort_grain == "week"]
    assert_metrics_equal_the_marts(database, tmp_path, case.raw_dir, metrics, by_week)
