"""Warnings stop a build where fail_on_warnings says so, and are said once, a few of each kind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plg.dbt import WARNINGS
from plg.marts import read_marts
from plg.report.warnings import (
    END_SQL,
    LEFT_OUT_SQL,
    MOST_OF_A_KIND,
    ZONE_SQL,
    read_notes,
    read_warnings,
)
from tests.harness import PROJECT, BuildFailed, dbt
from tests.input.files import EVENT_COLUMNS, USER_COLUMNS, write

MESSAGE = "- unknown_users: 12 of 12 (100.0 %) events belong to nobody in users: they have the user_id 1, users has 01."
QUICK = ("build", "--exclude-resource-type", "test", "unit_test")


@pytest.fixture(scope="module")
def raw_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Users with zeros before their ids, and events without."""
    folder = tmp_path_factory.mktemp("raw")
    users = [(f"0{n}", None, f"2024-01-0{n} 10:00:00", None, None, None) for n in range(1, 4)]
    events = [(f"e{n}", f"{n % 3 + 1}", "login", "2024-01-05 11:00:00", None) for n in range(12)]
    write(folder / "users.csv", USER_COLUMNS, users)
    write(folder / "events.csv", EVENT_COLUMNS, events)
    return folder


def tables(database: Path) -> set[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'marts' or table_name = 'int_build_warnings'"
        )
        return {name for (name,) in rows.fetchall()}


@pytest.mark.long
def test_a_warning_that_the_var_names_stops_the_build_before_its_marts(
    raw_dir: Path, tmp_path: Path
) -> None:
    with pytest.raises(BuildFailed) as failed:
        dbt(
            *QUICK,
            *("--select", "+activation_by_cohort", "+build_warnings"),
            *("--vars", "{fail_on_warnings: [unknown_users, weights_not_one]}"),
            workdir=tmp_path,
            PLG_RAW_DIR=str(raw_dir),
        )
    said = str(failed.value)
    assert f"The var fail_on_warnings stops the build before its marts:\n  {MESSAGE}" in said
    # The others are no reason, and a mart that is not built says nothing.
    assert "file_lost:" not in said and WARNINGS not in said
    assert not tables(tmp_path / "plg.duckdb") & set(read_marts())


@pytest.mark.long
def test_other_warnings_are_said_once_and_stop_nothing(raw_dir: Path, tmp_path: Path) -> None:
    said = dbt(
        *QUICK,
        *("--select", "+build_warnings"),
        *("--vars", "{fail_on_warnings: weights_not_one}"),
        workdir=tmp_path,
        PLG_RAW_DIR=str(raw_dir),
    )
    assert said.count(WARNINGS) == said.count(MESSAGE) == 1
    assert tables(tmp_path / "plg.duckdb") == {"build_warnings", "int_build_warnings"}


def test_a_mart_waits_for_no_warning_that_nobody_names(manifest: dict[str, Any]) -> None:
    for name in read_marts():
        node = manifest["nodes"][f"model.plg_analytics.{name}"]
        waits = "model.plg_analytics.int_build_warnings" in node["depends_on"]["nodes"]
        assert waits == (name == "build_warnings"), name


def test_every_warning_is_made_by_a_model_and_explained() -> None:
    """The mart's yml is the list of ids; models and docs have each of them, and no other."""
    ids = set(read_marts()["build_warnings"].accepted_values["warning_id"])
    models = PROJECT / "models" / "intermediate" / "quality"
    code = "\n".join(path.read_text() for path in models.glob("*.sql"))
    docs = (PROJECT / "docs" / "numbers" / "quality.md").read_text()
    for warning_id in ids:
        assert f"'{warning_id}'" in code, warning_id
        assert f"| `{warning_id}` |" in docs, warning_id


def test_a_long_list_does_not_bury_other_warnings() -> None:
    found = [("definition_matches_nothing", f"{n}.") for n in range(MOST_OF_A_KIND + 2)]
    sentences = read_warnings(lambda _: [*found, ("file_lost", "One.")])
    assert sentences[MOST_OF_A_KIND:] == [
        "file_lost: One.",
        "definition_matches_nothing: 2 more, in the mart build_warnings.",
    ]
    # The macro that says them after a plain dbt build has the same limit and the same first line.
    macro = (PROJECT / "macros" / "warnings" / "stop_on_warnings.sql").read_text()
    assert f"counts[id] <= {MOST_OF_A_KIND}" in macro and f"['{WARNINGS}']" in macro


@pytest.mark.parametrize(
    ("observed_until", "last_record", "is_noted"),
    [
        ("2024-03-02", "2024-03-01", False),
        ("2024-03-02 00:00:01", "2024-03-01", True),
        ("2024-02-15", "2024-03-01", False),
    ],
)
def test_an_end_long_after_the_last_record_is_noted(
    observed_until: str, last_record: str, is_noted: bool
) -> None:
    row = tuple(map(dt.datetime.fromisoformat, (observed_until, last_record)))
    rows = {END_SQL: row, LEFT_OUT_SQL: (None, 0, 1), ZONE_SQL: ("UTC", *row)}
    notes = read_notes(lambda sql: [rows[sql]])
    assert ["The last record is of 2024-03-01" in note for note in notes] == [True] * is_noted
