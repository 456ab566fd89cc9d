"""The scorecard: what the other marts say of each closed week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, THIRTY_DAYS, WEEK
from tests.oracle.cleaning import in_byte_order
from tests.oracle.definitions import Benchmark, Target
from tests.oracle.population import Population, mart
from tests.oracle.raw_files import Row


class Metric(NamedTuple):
    metric_id: str
    # How long after the end of a week all of its members have been seen.
    maturity: timedelta
    # By the Monday of the week, of the weeks that have a cohort.
    values: dict[date, float | None]


def scorecard_metrics(population: Population) -> list[Metric]:
    definitions = population.definitions
    first_of_all = min(
        definitions.milestones, key=lambda m: (m.order, in_byte_order(m.milestone_id))
    )
    first, *rest = definitions.paths[first_of_all.path]

    def weekly(name: str, column: str, **cell: object) -> dict[date, float | None]:
        wanted = {"cohort_grain": "week", "segment_type": "all", **cell}
        return {
            row["cohort_date"]: row[column]
            for row in population.rows_of(name)
            if all(row[field] == value for field, value in wanted.items())
        }

    metrics = [
        Metric(
            "activation_rate",
            THIRTY_DAYS,
            weekly("activation_by_cohort", "activation_rate", window_days=30),
        ),
        Metric(
            "time_to_first_value",
            THIRTY_DAYS,
            in_days(weekly("time_to_first_value_by_cohort", "median_time_to_first_value_seconds")),
        ),
        Metric(
            "milestone_completion_rate",
            first.timeframe,
            weekly(
                "milestone_completion_by_cohort",
                "completion_rate",
                milestone_id=first.milestone_id,
            ),
        ),
        Metric("viral_coefficient", THIRTY_DAYS, weekly("viral_coefficient_by_cohort", "k_factor")),
        Metric(
            "retention_d7",
            8 * DAY,
            weekly(
                "retention_by_cohort",
                "retention_rate",
                cohort_anchor="activation",
                period_grain="day",
                period_number=7,
            ),
        ),
        Metric(
            "pql_conversion_rate",
            definitions.longest_timeframe,
            weekly("pql_conversion_by_cohort", "pql_conversion_rate"),
        ),
    ]
    if rest:
        second = rest[0]
        metrics += [
            Metric(
                "milestone_velocity",
                first.timeframe + THIRTY_DAYS,
                in_days(
                    weekly(
                        "milestone_velocity_by_cohort",
                        "median_seconds",
                        from_milestone_id=first.milestone_id,
                        to_milestone_id=second.milestone_id,
                    )
                ),
            ),
            Metric(
                "milestone_cohort_conversion",
                max(first.timeframe, second.timeframe),
                weekly(
                    "milestone_completion_by_cohort",
                    "conversion_from_previous_rate",
                    milestone_id=second.milestone_id,
                ),
            ),
        ]
    return metrics


def in_days(seconds_by_week: dict[date, float | None]) -> dict[date, float | None]:
    return {
        week: None if seconds is None else seconds / DAY.total_seconds()
        for week, seconds in seconds_by_week.items()
    }


@mart
def kpi_scorecard(population: Population) -> list[Row]:
    definitions, variables = population.definitions, population.variables
    no_target = Target(None, None, is_higher_better=False, target_value=None, tolerance=0.0)
    no_benchmark = Benchmark(None, None)
    rows = []
    for metric in scorecard_metrics(population):
        target = definitions.targets.get(metric.metric_id, no_target)
        benchmark = definitions.benchmarks.get(
            (metric.metric_id, variables.benchmark_category, variables.benchmark_segment),
            no_benchmark,
        )
        closed_weeks = [
            week
            for week in metric.values
            if population.is_closed(datetime.combine(week, time()), WEEK + metric.maturity)
        ]
        for week in closed_weeks:
            current, previous = metric.values[week], metric.values.get(week - WEEK)
            change = None if current is None or previous is None else current - previous
            rows.append(
                {
                    "metric_id": metric.metric_id,
                    "week_start_date": week,
                    "metric_name": target.metric_name,
                    "unit": target.unit,
                    "is_latest": week == max(closed_weeks),
                    "current_value": current,
                    "previous_value": previous,
                    "week_over_week_change": change,
                    "target_value": target.target_value,
                    "status": status(current, change, target),
                    "benchmark_low": benchmark.low,
                    "benchmark_high": benchmark.high,
                    "benchmark_position": benchmark_position(current, benchmark),
                }
            )
    return rows


def status(current: float | None, change: float | None, target: Target) -> str:
    if current is None or target.target_value is None:
        return "unknown"
    gap = nine_decimals(target.target_value) - nine_decimals(current)
    # How far the target is still away, in the direction that is better.
    missing = gap if target.is_higher_better else -gap
    if missing <= 0:
        return "met"
    if change is None:
        return "unknown"
    step = nine_decimals(change)
    if abs(step) <= nine_decimals(target.tolerance):
        return "stable"
    if (step > 0) != target.is_higher_better:
        return "needs_attention"
    weeks_to_target = nine_decimals(abs(gap) / abs(step))
    return "on_track" if weeks_to_target <= 2 else "improving"


def nine_decimals(value: float | Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP)


def benchmark_position(current: float | None, benchmark: Benchmark) -> str | None:
    if current is None or benchmark.low is None or benchmark.high is None:
        return None
    if current < benchmark.low:
        return "below"
    return "above" if current > benchmark.high else "within"
