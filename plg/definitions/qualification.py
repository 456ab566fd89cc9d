"""pql_signals.csv, pql_bands.csv, pql_decay.csv, propensity_behaviors.csv: what makes a lead."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from plg.definitions.cells import (
    POINTS_DECIMALS,
    Flag,
    Key,
    Positive,
    Text,
    matching,
    number,
    one_of,
    or_blank,
)
from plg.definitions.definition import Definition, Rows, Sound, read_rows

INTERCEPT = "intercept"


# What a score holds: decimal(18, 10).
MOST_POINTS = 99_999_999


class Signal(BaseModel):
    signal_id: Key
    triggered_by_event: Text
    user_column: or_blank(one_of("plan_tier", "install_source"), "")
    user_value: Text
    points: number(POINTS_DECIMALS, negative=True)
    max_count: or_blank(Positive, 1)


class Band(BaseModel):
    scheme: one_of("milestone_share", "points", "propensity")
    band: Key
    lower_bound: number(POINTS_DECIMALS, negative=True)
    exit_bound: or_blank(number(POINTS_DECIMALS, negative=True), None)
    recommended_action: str
    is_qualified: or_blank(Flag, False)


class Decay(BaseModel):
    older_than_days: Annotated[
        int, matching(r"0*[1-9][0-9]{0,4}", "write a whole number of days, 1 to 99999")
    ]
    factor: Annotated[
        Decimal,
        matching(
            r"0*(0|1|(0?\.[0-9]{1,4})|(0\.)|(1\.0*))",
            "write a share from 0 to 1, with at most 4 digits behind the decimal point, such as 0.5",
        ),
    ]


class Behavior(BaseModel):
    behavior_id: Key
    definition: str
    triggered_by_event: Text
    min_count: or_blank(Positive, 1)
    weight: or_blank(number(POINTS_DECIMALS, whole=5, negative=True), None)


def _signal_problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        is_fit = bool(row.user_column or row.user_value)
        if is_fit == bool(row.triggered_by_event):
            yield (
                f"row {line} ({row.signal_id}), columns triggered_by_event and user_column: "
                f"{'both are' if is_fit else 'neither is'} filled; name an event (behavioural "
                "signal) or a users column with its value (fit signal), not both"
            )
        elif is_fit and not (row.user_column and row.user_value):
            missing = "user_value" if row.user_column else "user_column"
            yield (
                f"row {line} ({row.signal_id}), column {missing}: blank; a fit signal names a "
                "users column (plan_tier, install_source) and the value that scores"
            )
    largest = sum(abs(row.points) * row.max_count for _, row in rows)
    if largest > MOST_POINTS:
        line, row = max(rows, key=lambda numbered: abs(numbered[1].points) * numbered[1].max_count)
        yield (
            f"row {line} ({row.signal_id}), columns points and max_count: all signals together may give "
            f"{largest:,} points, and a score holds {MOST_POINTS:,}; write a smaller max_count"
        )


def _band_problems(rows: Rows) -> Iterator[str]:
    for scheme in sorted({row.scheme for _, row in rows}):
        bands = [row for _, row in rows if row.scheme == scheme]
        lowest = min(row.lower_bound for row in bands)
        if lowest != 0:
            yield (
                f"column lower_bound: the lowest band of scheme {scheme!r} starts at {lowest}; "
                "one band of each scheme has to start at 0, and none below"
            )
        yield from _lead_problems(bands)


def _lead_problems(bands: list[Any]) -> Iterator[str]:
    """Where units of a scheme would not become leads, or leave, as the bands seem to say."""
    entry = min((row.lower_bound for row in bands if row.is_qualified), default=None)
    for row in bands:
        name = f"{row.scheme}/{row.band}"
        if entry is not None and row.lower_bound > entry and not row.is_qualified:
            yield (
                f"column is_qualified: {name} lies above a qualified band and is not qualified; write true"
            )
        if row.exit_bound is None:
            continue
        if not row.is_qualified or row.lower_bound != entry:
            yield (
                f"column exit_bound: {name} has an exit_bound: only the lowest qualified band may; "
                "delete it"
            )
        elif row.exit_bound > row.lower_bound:
            yield (
                f"column exit_bound: exit_bound {row.exit_bound} of {name} is above its lower_bound "
                f"{row.lower_bound}: a lead would leave before it enters; write at most {row.lower_bound}"
            )


def _band_conflicts(rows: Rows, sound: Sound) -> Iterator[str]:
    if rows and _has_weights(sound) and not any(row.scheme == "propensity" for _, row in rows):
        yield (
            "column scheme: there is no band for propensity, which has weights; write its bands, or delete the "
            "weights in propensity_behaviors.csv"
        )


def _has_weights(sound: Sound) -> bool:
    behaviors = sound.get("propensity_behaviors", [])
    return any(row.weight is not None for row in behaviors if row.behavior_id != INTERCEPT)


def _decay_problems(rows: Rows) -> Iterator[str]:
    ordered = sorted((row.older_than_days, row.factor) for _, row in rows)
    for (younger, more), (older, less) in pairwise(ordered):
        if younger < older and less >= more:
            yield (
                f"column factor: factor {less} at {older} days is not below {more} at {younger}; write a "
                "smaller one, or delete the row"
            )


def _behavior_problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        if row.behavior_id == INTERCEPT and row.triggered_by_event:
            yield f"row {line}, column triggered_by_event: the row intercept names an event; delete it"
        elif row.behavior_id != INTERCEPT and not row.triggered_by_event:
            yield (
                f"row {line}, column triggered_by_event: behaviour {row.behavior_id} names no event; "
                "write the event that is counted"
            )
    found = {"propensity_behaviors": [row for _, row in rows]}
    if _has_weights(found) and not any(row.behavior_id == INTERCEPT for _, row in rows):
        yield (
            "column behavior_id: there are weights but no row intercept; write one, with the weight that everybody "
            "has and no event"
        )


def foretold_conversions(folder: Path, conversion_event: str | None) -> list[str]:
    """Looks for signals and behaviours that are the conversion that they should foretell.

    Args:
        folder: of the definition CSVs, without problems.
        conversion_event: the var.

    Returns:
        A warning for each file that names it.
    """
    warnings = []
    for definition in DEFINITIONS:
        rows, _ = read_rows(folder / f"{definition.name}.csv", definition)
        events = {getattr(row, "triggered_by_event", None) for _, row in rows}
        if conversion_event and conversion_event in events:
            warnings.append(
                f"{folder / definition.name}.csv: conversion_event {conversion_event} is also a signal: it "
                "can't foretell itself; delete its row."
            )
    return warnings


def _band_doubts(sound: Sound) -> Iterator[str]:
    for scheme in sorted({row.scheme for row in sound["pql_bands"]}):
        if not any(row.is_qualified for row in sound["pql_bands"] if row.scheme == scheme):
            yield (
                f"column is_qualified: {scheme} has no qualified band: nobody can be handed off; write true for "
                "the band from which a unit is a lead"
            )
    bands = [
        row for row in sound["pql_bands"] if row.scheme == "milestone_share" and row.lower_bound > 0
    ]
    if bands and all(row.lower_bound <= 1 for row in bands):
        yield (
            "column lower_bound: no band of scheme 'milestone_share' starts above 1; bounds are "
            "percent of the weights: 31, not 0.31"
        )
    milestones = sound.get("milestones", [])
    total = sum(row.weight for row in milestones)
    for row in bands if milestones else []:
        if row.lower_bound > 100 * total:
            yield (
                f"column lower_bound: band {row.band!r} of scheme 'milestone_share' starts at "
                f"{row.lower_bound}, and nobody can reach it: the weights in milestones.csv sum to "
                f"{total}"
            )


DEFINITIONS = (
    Definition("pql_signals", Signal, keys=(("signal_id",),), problems=_signal_problems),
    Definition(
        "pql_bands",
        Band,
        keys=(("scheme", "band"), ("scheme", "lower_bound")),
        problems=_band_problems,
        conflicts=_band_conflicts,
        doubts=_band_doubts,
    ),
    Definition("pql_decay", Decay, keys=(("older_than_days",),), problems=_decay_problems),
    Definition(
        "propensity_behaviors", Behavior, keys=(("behavior_id",),), problems=_behavior_problems
    ),
)
