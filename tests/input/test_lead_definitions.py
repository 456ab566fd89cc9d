"""Which bands, ages and behaviours of leads are right, wrong or doubtful."""

from __future__ import annotations

from pathlib import Path

import pytest

from plg.definitions.checks import check_definitions, foretold_conversions
from tests.input.files import check_says, edit

WRONG = [
    ("pql_bands", "51,21", "51,low", ("row 7", "column exit_bound", "'low'", "number")),
    *(
        ("pql_decay", "7,0.5", f"{days},0.5", ("row 2", "column older_than_days", "1 to 99999"))
        for days in ("0", "-7", "7.5", "", "100000")
    ),
    *(
        ("pql_decay", "7,0.5", f"7,{factor}", ("row 2", "column factor", "a share from 0 to 1"))
        for factor in ("1.5", "-0.5", "50%", "", "0.12345", ".", "1.0001")
    ),
    ("propensity_behaviors", "0.7859", "high", ("row 3", "column weight", "'high'", "number")),
    ("propensity_behaviors", "sent,1,", "sent,0,", ("row 3", "column min_count", "1 or more")),
    (
        "pql_bands",
        "handoff,51,21",
        "handoff,51,60",
        ("exit_bound 60 of points/handoff is above its lower_bound 51", "leave before it enters"),
    ),
    (
        "pql_bands",
        "outreach,21,",
        "outreach,21,5",
        ("points/outreach has an exit_bound: only the lowest qualified band may",),
    ),
    (
        "pql_bands",
        "handoff,51,21,ae_handoff,true",
        "handoff,51,21,ae_handoff,true\npoints,top,90,,wait,false",
        ("points/top lies above a qualified band and is not qualified",),
    ),
    (
        "pql_bands",
        "handoff,51,21,ae_handoff,true",
        "handoff,51,21,ae_handoff,true\npoints,top,90,30,wait,true",
        ("points/top has an exit_bound: only the lowest qualified band may",),
    ),
    (
        "pql_decay",
        "7,0.5",
        "7,0.5\n14,0.8",
        ("column factor: factor 0.8 at 14 days is not below 0.5 at 7",),
    ),
    ("pql_decay", "7,0.5", "7,0.5\n3,0.5", ("factor 0.5 at 7 days is not below 0.5 at 3",)),
    (
        "propensity_behaviors",
        "intercept,What is true of everybody,,",
        "base,What is true of everybody,user_signup,",
        ("there are weights but no row intercept",),
    ),
    (
        "propensity_behaviors",
        "Invited somebody,invite_sent",
        "Invited somebody,",
        ("row 3, column triggered_by_event: behaviour invited names no event",),
    ),
    (
        "propensity_behaviors",
        "everybody,,",
        "everybody,user_signup,",
        ("row 2", "the row intercept names an event"),
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG)
def test_what_is_wrong_is_named(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    check_says(definitions, name, *words)


def test_propensity_needs_bands(definitions: Path) -> None:
    path = definitions / "pql_bands.csv"
    lines = path.read_text().splitlines()
    kept = [line for line in lines if not line.startswith("propensity")]
    path.write_text("\n".join(kept) + "\n")
    check_says(definitions, "pql_bands", "there is no band for propensity, which has weights")
    # No bands at all: nobody is in a band.
    path.write_text(lines[0] + "\n")
    assert check_definitions(definitions) == ([], [])
    path.write_text("\n".join(kept) + "\n")
    behaviors = definitions / "propensity_behaviors.csv"
    behaviors.write_text(behaviors.read_text().splitlines()[0] + "\n")
    assert check_definitions(definitions) == ([], [])


def test_a_conversion_that_is_a_signal_is_a_warning(definitions: Path) -> None:
    assert foretold_conversions(definitions, "subscription_started") == []
    assert foretold_conversions(definitions, None) == []
    (warning,) = foretold_conversions(definitions, "paid_feature_used")[1:]
    assert warning == (
        f"{definitions / 'propensity_behaviors'}.csv: conversion_event paid_feature_used is also a signal: it "
        "can't foretell itself; delete its row."
    )
