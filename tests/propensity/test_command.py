"""`plg fit_propensity`: reads a build, prints the seed, and writes it only where it is asked to."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from plg.propensity.command import command

SEED = """behavior_id,definition,triggered_by_event,min_count,weight
intercept,"What is true, of everybody",,,-3
invited,Invited somebody,invite_sent,,
documented,Created a document,document_created,1,0.5
"""


def build(
    folder: Path,
    converted_units: int,
    behaviors: str = "('invited', 'invite_sent', 1), ('documented', 'document_created', 1)",
) -> None:
    """A build with as many converted accounts before the split, half of which invited, and others."""
    with duckdb.connect(str(folder / "plg.duckdb")) as connection:
        connection.execute(f"""
            create schema staging;
            create schema intermediate;
            create table staging.stg_propensity_behaviors as
                select *
                from (values ('intercept', null, 1), {behaviors})
                    as rows (behavior_id, triggered_by_event, min_count);
            create table intermediate.int_snapshot_sets as
                select * from (values
                    ('account', 14, date '2030-01-01'), ('account', 7, date '2024-03-04'),
                    ('user', 7, date '2024-03-04')
                ) as rows (unit_type, snapshot_age_days, split_date);
            create table intermediate.int_value_units as
                select
                    'account' as unit_type,
                    unit_key,
                    outcome,
                    case when unit_key < 1000 then date '2024-03-03' else date '2024-03-04' end
                        as snapshot_date,
                    unit_key % 1000 < {converted_units} or outcome = 'retained' as has_outcome
                from range(1300) as units (unit_key)
                cross join (values ('converted'), ('retained')) as outcomes (outcome)
                where unit_key % 1000 < 300;
            create table intermediate.int_unit_behaviors as
                select 'account' as unit_type, unit_key, 'invited' as behavior_id
                from range(0, 1300, 2) as units (unit_key)
                where unit_key % 1000 < 40
                union all
                select 'user' as unit_type, unit_key, 'documented' as behavior_id
                from range(1300) as units (unit_key);
        """)


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("PLG_DATABASE", str(folder / "plg.duckdb"))
    monkeypatch.setenv("PLG_DEFINITIONS_DIR", str(folder))
    monkeypatch.chdir(folder)
    return CliRunner().invoke(command, ["--unit-type", "account", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "propensity_behaviors.csv").write_text(SEED, encoding="utf-8")
    return tmp_path


def test_prints_the_seed_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(folder, converted_units=20)
    result = run(folder, monkeypatch)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "behavior_id,definition,triggered_by_event,min_count,weight"
    assert lines[1].startswith('intercept,"What is true, of everybody",,,-')
    assert lines[2].startswith("invited,Invited somebody,invite_sent,,") and "-" not in lines[2]
    # Of no account: users did it.
    assert lines[3] == "documented,Created a document,document_created,1,0.0000"
    assert "fitted: 300 accounts, 20 converted; AUC 0." in result.output
    assert "did not choose them: 300 accounts, 20 converted; AUC 0." in result.output
    assert (folder / "propensity_behaviors.csv").read_text("utf-8") == SEED


def test_writes_where_it_is_asked_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(folder, converted_units=20)
    result = run(folder, monkeypatch, "--write")
    assert result.exit_code == 0, result.output
    written = (folder / "propensity_behaviors.csv").read_text("utf-8")
    assert written != SEED and result.output.startswith(written)
    again = run(folder, monkeypatch, "--write")
    assert (
        again.exit_code == 0 and (folder / "propensity_behaviors.csv").read_text("utf-8") == written
    )


def test_refuses_fewer_than_ten_conversions_a_behaviour(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, converted_units=19)
    result = run(folder, monkeypatch, "--write")
    assert result.exit_code == 1
    assert (
        "19 accounts of the earlier snapshots have converted; 2 behaviours need 20" in result.output
    )
    assert (folder / "propensity_behaviors.csv").read_text("utf-8") == SEED


@pytest.mark.parametrize(
    "behaviors",
    [
        "('invited', 'invite_sent', 1)",
        "('invited', 'invite_sent', 2), ('documented', 'document_created', 1)",
        "('invited', 'friend_invited', 1), ('documented', 'document_created', 1)",
    ],
)
def test_refuses_a_seed_that_was_not_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch, behaviors: str
) -> None:
    build(folder, converted_units=20, behaviors=behaviors)
    result = run(folder, monkeypatch)
    assert result.exit_code == 1
    assert "has other behaviours than the database; run plg build first" in result.output


@pytest.mark.parametrize("line", ["invited,Invited somebody,invite_sent", ",,,,"])
def test_refuses_a_seed_that_no_build_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    build(folder, converted_units=20)
    seed = SEED.replace("invited,Invited somebody,invite_sent,,", line)
    (folder / "propensity_behaviors.csv").write_text(seed, encoding="utf-8")
    result = run(folder, monkeypatch, "--write")
    assert result.exit_code == 1
    assert "propensity_behaviors.csv" in result.output and "row 3" in result.output
    assert (folder / "propensity_behaviors.csv").read_text("utf-8") == seed


def test_says_where_nothing_is_built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(folder, monkeypatch)
    assert result.exit_code == 1 and "run plg build first" in result.output
    duckdb.connect(str(folder / "plg.duckdb")).close()
    result = run(folder, monkeypatch)
    assert result.exit_code == 1 and "can't be read" in result.output
