"""vars.txt in the definitions folder: what it sets, and what is said of a wrong one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plg.check import given_vars
from plg.definitions.checks import check_definitions
from plg.definitions.own_vars import PLACES, own_vars
from tests.harness import PROJECT, BuildFailed, build

PROJECT_FILE = PROJECT / "dbt_project.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "seeds", tmp_path / "seeds"))


def test_without_the_file_nothing_is_set(folder: Path) -> None:
    assert own_vars(folder) == {} and check_definitions(folder)[0] == []


def test_it_wins_over_the_project_and_vars_of_the_call_win_over_it(folder: Path) -> None:
    text = "# ours\ninvitation_event: team_invited\nreporting_timezone: Asia/Kolkata\n"
    (folder / "vars.txt").write_text(text)
    values, problems = given_vars("{reporting_timezone: UTC}", PROJECT_FILE, folder)
    assert (values["invitation_event"], values["reporting_timezone"]) == ("team_invited", "UTC")
    assert problems == [] and check_definitions(folder)[0] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("invitation_event: [a", "it can't be read"),
        ("invitation_event", "these are no names with values"),
        *((f"{name}: mine", f"{name} says where your tables are") for name in PLACES),
    ],
)
def test_a_wrong_file_is_named(folder: Path, text: str, said: str) -> None:
    (folder / "vars.txt").write_text(text)
    problems, _ = check_definitions(folder)
    assert len(problems) == 1 and f"{folder / 'vars.txt'}: " in problems[0] and said in problems[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("invitation: x", "There is no var invitation"),
        ("reporting_timezone: Berlin", "The var reporting_timezone is 'Berlin'"),
    ],
)
def test_a_wrong_var_is_named(folder: Path, text: str, said: str) -> None:
    (folder / "vars.txt").write_text(text)
    _, problems = given_vars(None, PROJECT_FILE, folder)
    assert len(problems) == 1 and said in problems[0]


def test_dbt_alone_does_not_pass_over_it(folder: Path, tmp_path: Path) -> None:
    (folder / "vars.txt").write_text("invitation_event: team_invited\n")
    with pytest.raises(
        BuildFailed, match=r"vars.txt sets the var invitation_event, but dbt does not"
    ):
        build(PROJECT / "sample", tmp_path, folder, arguments=["seed"])
