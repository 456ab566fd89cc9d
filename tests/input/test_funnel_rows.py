"""Which rows of funnels.csv and funnel_exclusions.csv are right or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from plg.definitions.checks import (
    check_definitions,
)
from tests.input.files import check_says, edit

WRONG_FUNNELS = [
    # Of the shipped funnels: what is replaced, by what, and what is said.
    ("funnels", "upgrade,3", "upgrade,2", ("rows 8, 9", "funnel_id + step_number", "upgrade / 2")),
    (
        "funnels",
        "activation,1,Signed up,,,,,,",
        "activation,1,In,,,,,true,",
        ("row 2", "the first step"),
    ),
    (
        "funnels",
        "document_created,,,,,",
        "document_created,,,,true,",
        ("row 6 (funnel activation, step 5)", "column is_optional", "the last step", "required"),
    ),
    ("funnels", "invite_sent", "", ("row 5", "step 4", "event_name: blank", "only the first step")),
    (
        "funnels",
        "Signed up,,",
        "Signed up,,plan",
        ("row 2", "property_key: 'plan'", "a signup has no"),
    ),
    (
        "funnels",
        "user_login,,,,,14d",
        "user_login,,,,,15d",
        (
            "rows 2, 3, 4, 5, 6",
            "column timeframe",
            "funnel activation has 14d and 15d",
            "one window",
        ),
    ),
    (
        "funnels",
        "user_login,,,",
        "user_login,,,x",
        ("row 3", "property_value: 'x'", "key is blank"),
    ),
    ("funnels", "user_login,,,", "user_login,,is,", ("row 3", "property_operator: 'is'", "blank")),
    *(
        (
            "funnels",
            "user_login,,,",
            f"user_login,plan,{operator},",
            ("row 3", f"property_operator {operator or 'is'} needs a property_value"),
        )
        for operator in ("", "is", "is_not")
    ),
    (
        "funnels",
        "onboarding_completed",
        "invite_sent",
        ("row 4 (funnel activation, step 3)", "invite_sent is step 4, too", "of its own"),
    ),
    (
        "funnel_exclusions",
        "upgrade,",
        "Upgrade,",
        ("row 2", "no funnel Upgrade", "activation, upgr"),
    ),
    ("funnel_exclusions", ",,\n", ",5,\n", ("row 2", "column from_step: 5 is no", "1, 2, 3, 4")),
    ("funnel_exclusions", ",,\n", ",,0\n", ("row 2", "column to_step: 0 is no required step")),
    ("funnel_exclusions", ",,\n", ",3,2\n", ("row 2", "from_step and to_step: 3 is not before 2")),
    ("funnel_exclusions", ",,\n", ",4,\n", ("row 2", "4 is not before 4")),
    ("funnel_exclusions", ",,\n", ",,1\n", ("row 2", "1 is not before 1")),
    (
        "funnel_exclusions",
        "upgrade,sales_contacted,,,,,",
        "activation,user_login,,,,3,5",
        ("row 2", "column from_step: 3 is no required step", "1, 2, 4, 5"),
    ),
    (
        "funnel_exclusions",
        "sales_contacted",
        "limit_hit",
        ("row 2", "limit_hit is step 1", "can't"),
    ),
    (
        "funnel_exclusions",
        "contacted,,",
        "contacted,by,",
        ("row 2", "operator is needs a property"),
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG_FUNNELS)
def test_funnels_that_can_not_work_are_named(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    problems, _ = check_definitions(definitions)
    said = [sentence for sentence in problems if all(word in sentence for word in words)]
    assert len(said) == 1, problems
    assert said[0].startswith(f"{definitions / name}.csv: ")


def test_a_funnel_needs_two_required_steps(definitions: Path) -> None:
    path = definitions / "funnels.csv"
    header = path.read_text().splitlines()[0]
    path.write_text(f"{header}\nupgrade,1,Hit a limit,limit_hit,,,,,7d\n")
    check_says(definitions, "funnels", "funnel upgrade has one required step; it needs two")
    path.write_text(f"{header}\nupgrade,1,Hit a limit,limit_hit,,,,true,7d\n")
    check_says(definitions, "funnels", "funnel upgrade has no required step; it needs two")


def test_a_funnel_has_at_most_thirty_required_steps(definitions: Path) -> None:
    path = definitions / "funnels.csv"
    header = path.read_text().splitlines()[0]
    rows = [f"upgrade,{number},Step,event_{number},,,,,7d" for number in range(30)]
    path.write_text("\n".join([header, *rows]) + "\n")
    assert check_definitions(definitions) == ([], [])
    path.write_text("\n".join([header, *rows, "upgrade,30,More,more,,,,,7d"]) + "\n")
    check_says(definitions, "funnels", "funnel upgrade has 31 required steps; at most 30")


OPTIONAL = "activation,3,Finished onboarding,onboarding_completed,,,,true,14d\n"


@pytest.mark.parametrize(
    ("one", "other", "is_wrong"),
    [
        ("x,,,", "x,,,", True),
        ("x,plan,,pro", "x,plan,is,pro", True),
        ("x,plan,exists,", "x,plan,exists,", True),
        ("x,plan,is,pro", "x,plan,is_not,pro", False),
        ("x,plan,is,pro", "x,plan,is,team", False),
        ("x,,,", "x,plan,is,pro", False),
        # It may be the event of a required step before it, or of one that is not the next.
        ("user_login,,,", "document_created,,,", False),
        ("x,,,", "invite_sent,by,is,link", False),
    ],
)
def test_optional_steps_are_told_apart(
    definitions: Path, one: str, other: str, is_wrong: bool
) -> None:
    two = f"activation,2,a,{one},true,14d\nactivation,3,b,{other},true,14d\n"
    edit(definitions, "funnels", "activation,2,Logged in,user_login,,,,,14d\n", "")
    edit(definitions, "funnels", OPTIONAL, two)
    if is_wrong:
        check_says(definitions, "funnels", "row 4 (funnel activation, step 3)", "is step 2, too")
    else:
        assert check_definitions(definitions) == ([], [])


def test_windows_may_be_written_in_other_units(definitions: Path) -> None:
    edit(definitions, "funnels", "user_login,,,,,14d", "user_login,,,,,2w")
    assert check_definitions(definitions) == ([], [])


@pytest.mark.parametrize("row", ["activation,x,,,,2,5", "upgrade,limit_hit,plan,is,pro,,"])
def test_exclusions_may_end_some_steps_or_ask_for_a_property(definitions: Path, row: str) -> None:
    path = definitions / "funnel_exclusions.csv"
    path.write_text(path.read_text() + row + "\n")
    assert check_definitions(definitions) == ([], [])
