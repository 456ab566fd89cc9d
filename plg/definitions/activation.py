"""milestones.csv: the steps to value, and what "activated" means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from plg.definitions.cells import (
    WEIGHT_DECIMALS,
    Flag,
    Key,
    Positive,
    Timeframe,
    Whole,
    number,
    or_blank,
)
from plg.definitions.definition import Definition, Rows, Sound, read_rows

HOURS = {"h": 1, "d": 24, "w": 168}


class Milestone(BaseModel):
    milestone_id: Key
    definition: str
    weight: number(WEIGHT_DECIMALS, whole=3)
    timeframe: Timeframe
    triggered_by_event: Key
    milestone_order: Whole
    path: or_blank(Key, "default")
    is_required: or_blank(Flag, True)
    is_first_value: or_blank(Flag, False)
    min_count: or_blank(Positive, 1)
    min_days: or_blank(Positive, None) = None
    within_days: or_blank(Positive, None) = None


def _problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        yield from (
            f"row {line} ({row.milestone_id}), {sentence}" for sentence in _days_of_use(row)
        )
    if rows and not any(row.is_first_value for _, row in rows):
        yield (
            "column is_first_value: no milestone is a first value; write true for the milestone "
            "(or several) at which a user first gets value"
        )


def _days_of_use(row: Milestone) -> Iterator[str]:
    """What is wrong with the three columns that say how often a user has to do it."""
    if row.min_days is None:
        if row.within_days is not None:
            yield (
                f"column within_days: {row.within_days}, but min_days is blank; write in min_days on "
                "how many of these days the user has to do it, or leave within_days blank"
            )
        return
    if row.min_count > 1:
        yield (
            f"columns min_count and min_days: {row.min_count} and {row.min_days}; keep one: min_count "
            "counts events, min_days the dates that have one, so leave the other blank"
        )
    if row.within_days is not None and row.within_days < row.min_days:
        yield (
            f"column within_days: {row.within_days} days have no {row.min_days} dates (min_days); "
            f"write {row.min_days} or more, or leave it blank: ever since the signup"
        )


def _doubts(sound: Sound) -> Iterator[str]:
    rows = sound["milestones"]
    if not rows:
        return
    if not any(row.is_required for row in rows):
        yield (
            "column is_required: no milestone is required, so nobody can activate; mark those that "
            "activation needs"
        )
    spellings: dict[str, set[str]] = {}
    for row in rows:
        spellings.setdefault(row.path.casefold(), set()).add(row.path)
    for alike in spellings.values():
        if len(alike) > 1:
            yield (
                f"column path: {' and '.join(sorted(alike))} differ in capitals only, and are paths of "
                "their own; spell them in one way"
            )


MILESTONES = Definition(
    "milestones",
    Milestone,
    keys=(("milestone_id",), ("path", "milestone_order")),
    problems=_problems,
    doubts=_doubts,
)
DEFINITIONS = (MILESTONES,)


def late_activations(folder: Path, windows_days: list[int]) -> list[str]:
    """Looks for a user who can activate later than every window of activation_by_cohort.

    Args:
        folder: of the definition CSVs, without problems.
        windows_days: the var activation_windows_days.

    Returns:
        A warning, or none.
    """
    path = folder / "milestones.csv"
    rows, _ = read_rows(path, MILESTONES)
    spans = (
        int(row.timeframe[:-1]) * HOURS[row.timeframe[-1]] for _, row in rows if row.is_required
    )
    longest = max(spans, default=0)
    if longest <= 24 * max(windows_days):
        return []
    sentence = (
        f"{path}: a required milestone may take {longest / 24:g} days, and activation_by_cohort looks "
        f"{max(windows_days)} days ahead at most: a user who activates later counts as activated in "
        "pql_conversion_by_cohort, and not there; add the days to the var activation_windows_days."
    )
    return [sentence]
