"""kpi_targets.csv and benchmarks.csv: what the scorecard holds the metrics to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from plg.definitions.cells import Flag, Key, number, one_of, or_blank
from plg.definitions.definition import Definition, Rows, Sound, read_rows

# The metrics of the scorecard, and their units.
UNITS = {
    "activation_rate": "rate",
    "time_to_first_value": "days",
    "milestone_completion_rate": "rate",
    "milestone_velocity": "days",
    "milestone_cohort_conversion": "rate",
    "viral_coefficient": "ratio",
    "retention_d7": "rate",
    "retention_d30": "rate",
    "pql_conversion_rate": "rate",
    "account_pql_rate": "rate",
    "handoff_conversion_rate": "rate",
}
# The scorecard's rates, and those that only have benchmarks.
RATES = {name for name, unit in UNITS.items() if unit == "rate"} | {
    "freemium_conversion_rate",
}
MOST_NAMED = 10


class Target(BaseModel):
    metric_id: Key
    metric_name: str
    unit: one_of("rate", "days", "ratio")
    is_higher_better: or_blank(Flag, False)
    target_value: or_blank(number(9, negative=True), None)
    tolerance: or_blank(number(9), Decimal(0))


class Benchmark(BaseModel):
    metric_id: Key
    category: Key
    segment: one_of("smb", "enterprise", "all")
    low: or_blank(number(9, negative=True), None)
    high: or_blank(number(9, negative=True), None)
    source: str


def _above_one(line: int, row: BaseModel, *columns: str) -> Iterator[str]:
    """One sentence for each of the columns that holds a percentage instead of a rate."""
    for column in columns:
        value = getattr(row, column)
        if value is not None and abs(value) > 1:
            yield (
                f"row {line} ({row.metric_id}), column {column}: {value}; rates are fractions, "
                "1 at most: write 0.40 for 40 %"
            )


def _target_problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        unit = UNITS.get(row.metric_id, row.unit)
        if row.unit != unit:
            yield (
                f"row {line} ({row.metric_id}), column unit: {row.unit!r}; the metric is computed "
                f"as {unit}: write {unit}"
            )
        elif unit == "rate":
            yield from _above_one(line, row, "target_value", "tolerance")


def _target_doubts(sound: Sound) -> Iterator[str]:
    rows = sound["kpi_targets"]
    for row in rows:
        unit = UNITS.get(row.metric_id)
        if unit and row.target_value is not None and row.is_higher_better == (unit == "days"):
            better = "fewer days are" if unit == "days" else "more is"
            yield (
                f"column is_higher_better of {row.metric_id}: {better} better, and its status would "
                f"say the opposite; write {str(unit != 'days').lower()}"
            )
    unknown = [row.metric_id for row in rows if row.metric_id not in UNITS]
    if unknown:
        yield (
            f"column metric_id: the scorecard has no metric {', '.join(unknown[:MOST_NAMED])}, so "
            f"nothing is held to its target; the metrics are {', '.join(UNITS)}"
        )


def _benchmark_problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        if row.metric_id in RATES:
            yield from _above_one(line, row, "low", "high")
        if (row.low is None) != (row.high is None):
            yield (
                f"row {line} ({row.metric_id}), columns low and high: one of them is blank; write both, "
                "or none"
            )
        elif row.low is not None and row.low > row.high:
            yield (
                f"row {line} ({row.metric_id}), columns low and high: {row.low} is above "
                f"{row.high}; exchange them"
            )


BENCHMARKS = Definition(
    "benchmarks",
    Benchmark,
    keys=(("metric_id", "category", "segment"),),
    problems=_benchmark_problems,
)
DEFINITIONS = (
    Definition(
        "kpi_targets",
        Target,
        keys=(("metric_id",),),
        problems=_target_problems,
        doubts=_target_doubts,
    ),
    BENCHMARKS,
)


def unmatched_benchmarks(folder: Path, category: str, segment: str) -> list[str]:
    """Looks for benchmarks of the category and segment that the scorecard shows.

    Args:
        folder: of the definition CSVs, without problems.
        category: the var benchmark_category.
        segment: the var benchmark_segment.

    Returns:
        A warning where benchmarks.csv has rows and none of them matches, or none.
    """
    path = folder / "benchmarks.csv"
    rows, _ = read_rows(path, BENCHMARKS)
    if not rows or any((row.category, row.segment) == (category, segment) for _, row in rows):
        return []
    sentence = (
        f"{path}: no row has category {category!r} and segment {segment!r}, so the scorecard shows "
        "no benchmark; fix the vars benchmark_category and benchmark_segment, or add rows."
    )
    return [sentence]
