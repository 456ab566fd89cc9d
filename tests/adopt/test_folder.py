"""The folder that is written: it passes every check, and is the same each time."""

from __future__ import annotations

import csv
import dataclasses
import random
from pathlib import Path

import pytest

from plg.adopt.columns import Column
from plg.adopt.folder import copy_seeds, is_free, remove_seeds, write_proposal
from plg.adopt.page import page
from plg.adopt.proposal import Proposal, propose
from plg.definitions.checks import check_definitions
from plg.definitions.own_vars import own_vars
from tests.adopt.world import DAY, START, World
from tests.harness import PROJECT

SEEDS = PROJECT / "seeds"
COLUMNS = [
    Column("users", "role", 400, 400, 5, 100, False, False, False),
    Column("users", "seats", 400, 300, 120, 9, True, False, False),
    Column("users", "first_name", 400, 400, 40, 20, False, False, False),
]


def world(seed: int = 1) -> World:
    """400 users: who creates documents comes back; `{{ odd | event }}` is an event, too."""
    made = World()
    rng = random.Random(seed)
    order = list(range(400))
    rng.shuffle(order)
    for _ in order:
        made.user()
    for number in order:
        made.users[number] = (number, START + number * DAY / 10, "enterprise" if number else None)
    for number in order:
        made.does(number, "signed_up", 0 * DAY)
        made.does(number, "page_viewed", DAY)
        if number % 2:
            made.does(number, "document_created", DAY, 2 * DAY, 40 * DAY)
        if number % 3 == 0:
            made.does(number, "team_invited", 3 * DAY)
        if number % 4 == 1 or number % 50 == 0:
            made.does(number, "{{ odd | event }}", 30 * DAY)
    return made


@pytest.fixture
def proposal() -> Proposal:
    return propose(world().facts(), COLUMNS, "canonical", absent=("accounts",))


def written(proposal: Proposal, folder: Path) -> dict[str, str]:
    copy_seeds(SEEDS, folder)
    write_proposal(proposal, SEEDS, folder)
    (folder / "PROPOSAL.md").write_text(page(proposal), encoding="utf-8")
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_the_folder_passes_all_checks(proposal: Proposal, tmp_path: Path) -> None:
    files = written(proposal, tmp_path / "new")
    assert check_definitions(tmp_path / "new") == ([], [])
    assert set(files) == {path.name for path in SEEDS.glob("*.csv")} | {"PROPOSAL.md", "vars.txt"}
    assert own_vars(tmp_path / "new") == {
        "invitation_event": "team_invited",
        "signup_event": ["signed_up"],
    }


def test_what_is_in_the_files(proposal: Proposal, tmp_path: Path) -> None:
    files = written(proposal, tmp_path)
    assert rows(files["event_catalog.csv"]) == [
        {"event_name": name, "is_meaningful": "false", "is_friction": ""}
        for name in ("page_viewed", "signed_up")
    ]
    steps = [
        (row["funnel_id"], row["step_number"], row["event_name"], row["timeframe"])
        for row in rows(files["funnels.csv"])
    ]
    window = rows(files["milestones.csv"])[0]["timeframe"]
    assert steps == [
        ("activation", "1", "", window),
        ("activation", "2", "document_created", window),
    ]
    assert not rows(files["funnel_exclusions.csv"])
    assert [
        (row["triggered_by_event"], row["is_required"], row["is_first_value"], row["weight"])
        for row in rows(files["milestones.csv"])
    ] == [("document_created", "true", "true", "1.00")]
    signals = {row["signal_id"]: row["points"] for row in rows(files["pql_signals.csv"])}
    assert signals == {"document_created": "100", "enterprise": "10"}
    assert [(row["segment_type"], row["bounds"]) for row in rows(files["segments.csv"])] == [
        *(("install_source", ""), ("plan_tier", ""), ("role", ""), ("seats", "1;11;51;201;1001"))
    ]
    targets = rows(files["kpi_targets.csv"])
    assert len(targets) == 11 and not any(row["target_value"] for row in targets)
    assert files["excluded_users.csv"] == "user_id,reason\n"
    for name in ("pql_bands.csv", "benchmarks.csv", "input_columns.csv"):
        assert files[name] == (SEEDS / name).read_text("utf-8")


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(propose(world(1).facts(), COLUMNS, "canonical"), tmp_path / "a")
    second = written(propose(world(2).facts(), COLUMNS[::-1], "canonical"), tmp_path / "b")
    # The columns come in the order of the file.
    del first["PROPOSAL.md"], second["PROPOSAL.md"]
    assert first == second
    again = written(propose(world(2).facts(), COLUMNS, "canonical"), tmp_path / "c")
    assert again["PROPOSAL.md"] == page(propose(world(1).facts(), COLUMNS, "canonical"))


def test_the_page_says_numbers_and_rules(proposal: Proposal) -> None:
    said = page(proposal)
    for words in (
        "`signed_up`: 100.0 % of all users have it.",
        "| `page_viewed` | 400 | 400 | no action of the user |",
        "`team_invited`: 33.5 % of all users have it.",
        "| users.`first_name` | 40 | 100.0 % | looks like personal data |",
        "| users | delivered | 7 |",
        "- `accounts`: segments by columns of accounts",
        "- plan_tier `enterprise`: 10 points",
    ):
        assert words in said, words
    assert "signup_unknown" not in said
    # dbt reads Markdown beside seeds as its own docs.
    assert "{{" not in said and "{%" not in said
    assert "`{ { odd ¦ event }}`" in said


def test_too_little_data_are_said_to_be_too_little(tmp_path: Path) -> None:
    small = World()
    for number in range(3):
        small.does(small.user(), "login", DAY)
        small.does(number, "saved", DAY)
    proposal = propose(small.facts(), [], "canonical")
    files = written(proposal, tmp_path)
    assert "**not_enough_data**" in files["PROPOSAL.md"]
    assert [row["triggered_by_event"] for row in rows(files["milestones.csv"])] == [
        "saved",
        "login",
    ]
    assert check_definitions(tmp_path)[0] == []


def test_no_user_and_no_event(tmp_path: Path) -> None:
    nobody = World()
    files = written(propose(nobody.facts(), [], "canonical"), tmp_path)
    assert "No user counts" in files["PROPOSAL.md"]
    assert rows(files["milestones.csv"]) == []
    assert check_definitions(tmp_path)[0] == []


def test_names_that_no_cell_can_hold_are_left_out(tmp_path: Path) -> None:
    odd = World()
    for _ in range(3):
        odd.does(odd.user(), "two\nlines", DAY)
        odd.does(0, 'a "quoted", name', DAY)
        odd.does(0, "it's an invite", DAY)
    proposal = propose(odd.facts(), [], "canonical")
    written(proposal, tmp_path)
    assert check_definitions(tmp_path)[0] == []
    # The var can't have an apostrophe.
    assert "invitation_event" not in proposal.vars
    names = [one.event.name for one in proposal.milestones]
    assert names == ['a "quoted", name', "it's an invite"]


def test_a_free_folder_is_new_or_empty(tmp_path: Path) -> None:
    assert is_free(tmp_path) and is_free(tmp_path / "new")
    (tmp_path / "x").write_text("")
    assert not is_free(tmp_path) and not is_free(tmp_path / "x")


def test_copies_are_taken_away_again(tmp_path: Path) -> None:
    copy_seeds(SEEDS, tmp_path)
    remove_seeds(SEEDS, tmp_path)
    assert not any(tmp_path.iterdir())


def test_enterprise_is_a_signal_where_users_have_it(proposal: Proposal, tmp_path: Path) -> None:
    without = dataclasses.replace(proposal, has_enterprise=False)
    assert "enterprise" not in written(without, tmp_path)["pql_signals.csv"]
