"""playbooks.csv: which way each kind of customer takes, and how many should get how far."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from plg.definitions.cells import Key, Positive, Text, Timeframe, matching, number, or_blank
from plg.definitions.definition import Definition, Rows, Sound, read_rows

KPI_TYPES = ("milestone", "retention", "conversion")
# Segment types that need no row in segments.csv.
ALWAYS_THERE = ("all", "acquisition_type")
# The var that says how far retention looks, by the letter of a period.
LAST_PERIODS = {"d": "retention_days", "w": "retention_weeks"}

Period = Annotated[
    str,
    matching(r"[dw][0-9]{1,4}", "write d and a day, or w and a week, such as d7 or w2"),
]


class PlaybookKpi(BaseModel):
    playbook_id: Key
    kpi_id: Key
    playbook_name: str
    persona: str
    segment_type: Text
    segment_value: Text
    owner: str
    kpi_name: str
    kpi_order: Positive
    kpi_type: Text
    triggered_by_event: Text
    min_count: or_blank(Positive, 1)
    timeframe: or_blank(Timeframe, None)
    retention_period: or_blank(Period, None)
    target_rate: or_blank(number(9), None)

    @property
    def place(self) -> str:
        """What a sentence calls the row."""
        return f"{self.playbook_id}/{self.kpi_id}"


def _problems(rows: Rows) -> Iterator[str]:
    for _, row in rows:
        yield from (f"{row.place}{sentence}" for sentence in _row_problems(row))


def _row_problems(row: PlaybookKpi) -> Iterator[str]:
    if row.kpi_type not in KPI_TYPES:
        yield f" has kpi_type {row.kpi_type or 'blank'}; it may be {', '.join(KPI_TYPES)}"
        return
    if row.kpi_type == "retention":
        needed = {"retention_period": row.retention_period}
    elif row.kpi_type == "milestone":
        needed = {"triggered_by_event": row.triggered_by_event, "timeframe": row.timeframe}
    else:
        needed = {"timeframe": row.timeframe}
    yield from (
        f" is a {row.kpi_type} without {column}" for column, value in needed.items() if not value
    )
    if row.segment_type and not row.segment_value:
        yield " has a segment_type without segment_value"
    elif row.segment_value and not row.segment_type:
        yield " has a segment_value without segment_type"
    elif row.segment_type == "all" and row.segment_value != "all":
        yield (
            f" has segment_type all with segment_value {row.segment_value}; write all in both, or leave both "
            "blank"
        )
    if row.target_rate is not None and row.target_rate > 1:
        yield f": target_rate {row.target_rate} is no share; write {row.target_rate / 100}"


def _conflicts(rows: Rows, sound: Sound) -> Iterator[str]:
    if "segments" not in sound:
        return
    known = [*ALWAYS_THERE, *(segment.segment_type for segment in sound["segments"])]
    for _, row in rows:
        if row.segment_type and row.segment_type not in known:
            yield (
                f"{row.place} has segment_type {row.segment_type}, which is not in segments.csv; it may be "
                f"{', '.join(known)}"
            )


PLAYBOOKS = Definition(
    "playbooks",
    PlaybookKpi,
    keys=(("playbook_id", "kpi_id"),),
    problems=_problems,
    conflicts=_conflicts,
)
DEFINITIONS = (PLAYBOOKS,)


def late_periods(folder: Path, variables: dict[str, Any]) -> list[str]:
    """Looks for retention that no cell of retention_by_cohort has.

    Args:
        folder: of the definition CSVs, without problems.
        variables: every var of the build.

    Returns:
        A sentence for each such row; with one of them, nothing can be built.
    """
    path = folder / "playbooks.csv"
    rows, _ = read_rows(path, PLAYBOOKS)
    found = []
    for _, row in rows:
        if row.kpi_type != "retention":
            continue
        name = LAST_PERIODS[row.retention_period[0]]
        if int(row.retention_period[1:]) > variables[name]:
            found.append(
                f"{path}: {row.place}: retention_period {row.retention_period} is beyond {name} "
                f"({variables[name]})."
            )
    return found
