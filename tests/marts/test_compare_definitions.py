"""`plg compare_definitions`: which definitions differ, what they give, and what is kept of the old ones."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plg.compare_definitions import (
    COLUMNS,
    NotCompared,
    Scorecard,
    changed_definitions,
    last_weeks,
    write_history,
)
from plg.definitions.version import version_of_build
from plg.settings import bare_environment
from tests.harness import PROJECT, build, query

SEEDS = PROJECT / "seeds"
PROJECT_FILE = PROJECT / "dbt_project.yml"
WEEK = dt.date(2024, 1, 1)
UNTIL = "2024-06-01 12:00:00.000001"


def weeks(*values: float | None, metric: str = "m") -> dict[tuple[str, dt.date], float | None]:
    return {(metric, WEEK + dt.timedelta(7 * n)): value for n, value in enumerate(values)}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the shipped definitions."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        shutil.copytree(SEEDS, folder)
    return old, new


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_folder_has_no_definitions_that_differ_from_its_own() -> None:
    assert list(changed_definitions(SEEDS, SEEDS)) == ["The definitions are the same."]


def test_rows_that_came_went_or_changed_are_named(folders: tuple[Path, Path]) -> None:
    old, new = folders
    edit(new / "pql_decay.csv", "7,0.5", "7,0.25\n14,0.1")
    edit(new / "pql_bands.csv", (new / "pql_bands.csv").read_text().splitlines()[1] + "\n", "")
    (new / "vars.txt").write_text("value_week: 9\n")
    first_band = (old / "pql_bands.csv").read_text().splitlines()[1].split(",")
    head, *lines = changed_definitions(old, new)
    assert head == "Definitions that differ:"
    assert lines[0].startswith(f"- pql_bands.csv: {first_band[0]} / {first_band[1]} (")
    assert lines[1:] == [
        "~ pql_decay.csv: 7: factor 0.5 -> 0.25",
        "+ pql_decay.csv: 14 (factor 0.1)",
        "+ vars.txt: value_week (9)",
    ]


def test_a_cell_that_is_as_its_key_is_shown(folders: tuple[Path, Path]) -> None:
    old, new = folders
    row = "mine,invite_sent,Mine,,,,sales,Invites,1,milestone,invite_sent,,1d,,\n"
    with (new / "playbooks.csv").open("a") as file:
        file.write(row)
    _, line = changed_definitions(old, new)
    assert line == (
        "+ playbooks.csv: mine / invite_sent (playbook_name Mine, owner sales, kpi_name Invites, kpi_order 1, "
        "kpi_type milestone, triggered_by_event invite_sent, timeframe 1d)"
    )


def test_a_blank_cell_and_a_missing_column_are_the_same(folders: tuple[Path, Path]) -> None:
    old, new = folders
    path = new / "milestones.csv"
    lines = [line.removesuffix(",,") for line in path.read_text().splitlines()]
    lines[0] = lines[0].removesuffix(",min_days,within_days")
    path.write_text("\n".join(lines) + "\n")
    assert list(changed_definitions(old, new)) == ["The definitions are the same."]


def test_the_newest_eight_weeks_of_either_folder_are_shown() -> None:
    old, new = weeks(*[0.5] * 9), weeks(*[0.5] * 10) | weeks(1.0, metric="n")
    assert last_weeks(old, new) == [*list(weeks(*[0.5] * 10))[2:], ("n", WEEK)]


def test_values_are_kept_exactly_and_replaced(tmp_path: Path) -> None:
    value = 0.1 + 0.2
    file = write_history(tmp_path / "history", Scorecard("c575be4c913d", weeks(1.0, 2.0)), UNTIL)
    found = Scorecard("c575be4c913d", weeks(value, None))
    assert write_history(tmp_path / "history", found, UNTIL) == file
    with file.open(newline="") as opened:
        head, *rows = csv.reader(opened)
    assert tuple(head) == COLUMNS
    assert rows == [
        ["c575be4c913d", UNTIL, "m", "2024-01-01", repr(value)],
        ["c575be4c913d", UNTIL, "m", "2024-01-08", ""],
    ]
    assert [path.name for path in file.parent.iterdir()] == ["c575be4c913d.csv"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir(mode=0o500)
    with pytest.raises(NotCompared, match="PLG_HISTORY_DIR"):
        write_history(tmp_path / "history", Scorecard("c575be4c913d", weeks(1.0)), UNTIL)


def compare(folder: Path, raw_dir: Path, *arguments: object, **settings: object) -> str:
    """Runs `plg compare_definitions` in a folder; returns what it printed."""
    finished = subprocess.run(
        [sys.executable, "-m", "plg", "compare_definitions", *map(str, arguments)],
        cwd=folder,
        env={
            **bare_environment(),
            "PYTHONPATH": str(PROJECT),
            "PLG_OUTPUT_DIR": str(folder),
            "PLG_RAW_DIR": str(raw_dir),
            **{name: str(value) for name, value in settings.items()},
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


def test_mistakes_are_said_before_anything_is_built(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = folders
    edit(old / "pql_decay.csv", "7,0.5", "7,much")
    with pytest.raises(AssertionError, match=r"pql_decay.csv: row 2.*\n.*Nothing was compared"):
        compare(tmp_path, PROJECT / "sample", old, new)
    assert {path.name for path in tmp_path.iterdir()} == {"old", "new"}


@pytest.mark.long
def test_old_definitions_are_compared_and_drawn(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Activation without one of its milestones: the old values are those of a build with the old folder."""
    old, new = folders
    edit(
        new / "milestones.csv",
        ",document_created,2,default,true,",
        ",document_created,2,default,false,",
    )
    raw_dir = PROJECT / "sample"
    database = tmp_path / "plg.duckdb"
    database.write_bytes(b"the main database, whatever it is")
    said = compare(tmp_path, raw_dir, old, PLG_DEFINITIONS_DIR=new)
    assert "~ milestones.csv: m2: is_required true -> false" in said
    assert database.read_bytes() == b"the main database, whatever it is"
    version = version_of_build(PROJECT_FILE, old)
    assert [path.name for path in (tmp_path / "history").iterdir()] == [f"{version}.csv"]
    database.unlink()
    work = {name: tmp_path / name for name in ("with_old", "with_new")}
    for folder in work.values():
        folder.mkdir()
    shutil.copytree(tmp_path / "history", work["with_new"] / "history")
    before = build(raw_dir, work["with_old"], old)
    after = build(raw_dir, work["with_new"], new)
    values = "select metric_id, week_start_date, current_value as value from marts.kpi_scorecard order by all"
    kept = (
        "select metric_id, week_start_date, value from marts.metric_history_by_definition "
        f"where definitions_version = '{version}' order by all"
    )
    assert query(after, kept) == query(before, values)
    (found,) = query(
        after,
        "select count(*) as n, bool_and(is_comparable) as same, bool_or(difference <> 0) as moved "
        "from marts.metric_history_by_definition "
        "where not is_current and metric_id = 'activation_rate' and difference is not null",
    )
    assert found["n"] > 8
    assert found["same"]
    assert found["moved"]
    current = values.replace("current_value as value", "value").replace(
        "marts.kpi_scorecard", "marts.metric_history_by_definition where is_current"
    )
    assert query(after, current) == query(after, values)


@pytest.mark.long
def test_a_folder_compared_with_itself_differs_nowhere(tmp_path: Path) -> None:
    """Also where a row arrived after the newest event: both builds leave it out."""
    raw_dir = tmp_path / "raw"
    raw_dir.mkdir()
    users = [f"u{n},,2024-01-0{1 + n % 7} 10:00:00,free,web," for n in range(20)]
    events = [f"e{n},u{n},invite_sent,2024-01-08 10:00:00,,2024-01-08" for n in range(20)]
    events += ["last,u1,user_login,2024-04-01 10:00:00,,2024-04-01"]
    events += ["late,u2,document_created,2024-01-08 11:00:00,,2024-05-01"]
    user_head = "user_id,account_id,created_at,plan_tier,install_source,invited_by"
    event_head = "event_id,user_id,event_name,timestamp,properties,received_at"
    (raw_dir / "users.csv").write_text("\n".join([user_head, *users, ""]))
    (raw_dir / "events.csv").write_text("\n".join([event_head, *events, ""]))
    said = compare(tmp_path, raw_dir, SEEDS)
    assert "The definitions are the same." in said
    assert "No metric differs" in said
    assert (tmp_path / "history" / f"{version_of_build(PROJECT_FILE, SEEDS)}.csv").exists()
