"""playbooks.csv: what stops the build, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from plg.check import given_vars
from plg.definitions.checks import check_definitions, late_periods
from tests.harness import PROJECT
from tests.input.files import SEEDS, check_says

HEADER = (SEEDS / "playbooks.csv").read_text().splitlines()[0]
NO_TARGET = "team,share,Team,Anybody,,,product,Shared,1,milestone,output_shared,,7d,,"
SOUND = [
    NO_TARGET,
    "team,often,Team,Anybody,,,product,Shared,1,milestone,output_shared,3,2w,,0.2",
    "team,stay,Team,Anybody,all,all,product,Stayed,2,retention,,,,d30,1",
    "team,come,Team,Anybody,plan_tier,free,product,Stayed,3,retention,,,,w12,0",
    "team,pay,Team,Anybody,acquisition_type,invited,product,Paid,4,conversion,,,30d,,1.0",
]
WRONG = [
    ("share,T,P,,,o,n,1,milestone,x,,,,", "self_serve/share is a milestone without timeframe."),
    (
        "share,T,P,,,o,n,1,milestone,,,7d,,",
        "self_serve/share is a milestone without triggered_by_event.",
    ),
    ("pay,T,P,,,o,n,1,conversion,,,,,", "self_serve/pay is a conversion without timeframe."),
    ("stay,T,P,,,o,n,1,retention,,,7d,,", "self_serve/stay is a retention without retention_period."),
    (
        "share,T,P,,,o,n,1,milestones,x,,7d,,",
        "self_serve/share has kpi_type milestones; it may be milestone, retention, conversion.",
    ),
    (
        "share,T,P,plan_tier,,o,n,1,milestone,x,,7d,,",
        "self_serve/share has a segment_type without segment_value.",
    ),
    (
        "share,T,P,,free,o,n,1,milestone,x,,7d,,",
        "self_serve/share has a segment_value without segment_type.",
    ),
    (
        "share,T,P,all,free,o,n,1,milestone,x,,7d,,",
        "self_serve/share has segment_type all with segment_value free; write all in both",
    ),
    (
        "share,T,P,country,DE,o,n,1,milestone,x,,7d,,",
        "self_serve/share has segment_type country, which is not in segments.csv; it may be all, acq",
    ),
    (
        "share,T,P,,,o,n,1,milestone,x,,7d,,35",
        "self_serve/share: target_rate 35 is no share; write 0.35.",
    ),
    (
        "share,T,P,,,o,n,1,milestone,x,,7d,,1.5",
        "self_serve/share: target_rate 1.5 is no share; write 0.015.",
    ),
    ("share,T,P,,,o,n,1,milestone,x,,7,,", "row 2, column timeframe: '7'; write a whole number"),
    ("share,T,P,,,o,n,1,milestone,x,0,7d,,", "row 2, column min_count: '0'; write a whole number"),
    ("stay,T,P,,,o,n,1,retention,,,,7d,", "row 2, column retention_period: '7d'; write d and a day"),
    ("share,T,P,,,o,n,1,milestone,x,,7d,,-0.1", "row 2, column target_rate: '-0.1'; write a number"),
]  # fmt: skip


def write_playbooks(folder: Path, *rows: str) -> None:
    (folder / "playbooks.csv").write_text("\n".join([HEADER, *rows]) + "\n")


def test_sound_playbooks_pass(definitions: Path) -> None:
    write_playbooks(definitions, *SOUND)
    assert check_definitions(definitions)[0] == []
    assert late_periods(definitions, {"retention_days": 30, "retention_weeks": 12}) == []


@pytest.mark.parametrize(("row", "sentence"), WRONG)
def test_wrong_playbook_is_named(definitions: Path, row: str, sentence: str) -> None:
    write_playbooks(definitions, f"self_serve,{row}")
    problems, _ = check_definitions(definitions)
    assert [problem for problem in problems if f"playbooks.csv: {sentence}" in problem] == problems
    assert len(problems) == 1


def test_a_step_is_in_a_playbook_once(definitions: Path) -> None:
    write_playbooks(definitions, NO_TARGET, NO_TARGET)
    check_says(definitions, "playbooks", "rows 2, 3", "playbook_id + kpi_id", "team / share")


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("d45", "retention_period d45 is beyond retention_days (30)."),
        ("d31", "retention_period d31 is beyond retention_days (30)."),
        ("w13", "retention_period w13 is beyond retention_weeks (12)."),
    ],
)
def test_retention_beyond_its_var_is_named(definitions: Path, period: str, sentence: str) -> None:
    write_playbooks(definitions, f"self_serve,stay,T,P,,,o,n,1,retention,,,,{period},")
    assert check_definitions(definitions)[0] == []
    variables, _ = given_vars(None, PROJECT / "dbt_project.yml", definitions)
    path = definitions / "playbooks.csv"
    assert late_periods(definitions, variables) == [f"{path}: self_serve/stay: {sentence}"]
    assert late_periods(definitions, {"retention_days": 45, "retention_weeks": 13}) == []
