"""pql_signals.csv and pql_bands.csv: what makes a product-qualified lead."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from plg.definitions.cells import (
    POINTS_DECIMALS,
    Flag,
    Key,
    Positive,
    Text,
    number,
    one_of,
    or_blank,
)
from plg.definitions.definition import Definition, Rows, Sound


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
    older_than_days: Positive
    factor: number(POINTS_DECIMALS)


class Behavior(BaseModel):
    behavior_id: Key
    definition: str
    triggered_by_event: Text
    min_count: or_blank(Positive, 1)
    weight: or_blank(number(POINTS_DECIMALS, negative=True), None)


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


def _band_problems(rows: Rows) -> Iterator[str]:
    for scheme in sorted({row.scheme for _, row in rows}):
        bands = [row for _, row in rows if row.scheme == scheme]
        lowest = min(row.lower_bound for row in bands)
        if lowest != 0:
            yield (
                f"column lower_bound: the lowest band of scheme {scheme!r} starts at {lowest}; "
                "one band of each scheme has to start at 0, and none below"
            )
        if scheme == "milestone_share" and not any(row.is_qualified for row in bands):
            yield (
                f"column is_qualified: no band of scheme {scheme!r} is qualified; write true for "
                "the band from which a user is a product-qualified lead"
            )


def _band_doubts(sound: Sound) -> Iterator[str]:
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
        doubts=_band_doubts,
    ),
    Definition("pql_decay", Decay, keys=(("older_than_days",),)),
    Definition("propensity_behaviors", Behavior, keys=(("behavior_id",),)),
)
