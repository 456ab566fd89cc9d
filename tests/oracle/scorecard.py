"""The scorecard: what the other marts say of each closed week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, THIRTY_DAYS, WEEK, change_p_value, rate_with_interval
from tests.oracle.cleaning import in_byte_order
from tests.oracle.definition_versions import history_rows
from tests.oracle.definitions import Benchmark, Milestone, Target
from tests.oracle.lead_definitions import Registered
from tests.oracle.population import Population, mart
from tests.oracle.raw_files import Row
from tests.oracle.retention import Period, anchored_users, retention

NO_TARGET = Target(None, None, is_higher_better=False, target_value=None, tolerance=0.0)
NO_BENCHMARK = Benchmark(None, None)
NOT_REGISTERED = Registered(None, None, None)


class Measure(NamedTuple):
    """What a mart says of a metric in one week."""

    value: float | None
    # The value's denominator; of a median, the number of durations.
    user_count: int
    # Of a rate alone.
    converted_count: int | None = None

    @property
    def counts(self) -> tuple[int, int]:
        return self.converted_count, self.user_count


class Metric(NamedTuple):
    metric_id: str
    # How long after the end of a week all of its members have been seen.
    maturity: timedelta
    # By the Monday of the week, of the weeks that have a cohort.
    measures: dict[date, Measure]
    is_rate: bool = True
    is_measured: bool = True
    # Whether its weeks are those of UTC, whatever the zone of the marts.
    is_in_utc: bool = False

    def is_closed(self, week: date, population: Population) -> bool:
        if self.is_in_utc:
            return (population.observed_until_at - self.maturity).date() > week + 6 * DAY
        return population.has_ended(week + 6 * DAY, self.maturity)


class WeeklyReader:
    """Reads measures of the week grain, segment `all`, from marts."""

    def __init__(self, population: Population) -> None:
        self.population = population

    def rows(self, mart_name: str, **cell: object) -> Iterator[tuple[date, Row]]:
        wanted = {"cohort_grain": "week", "segment_type": "all", **cell}
        for row in self.population.rows_of(mart_name):
            if all(row[field] == value for field, value in wanted.items()):
                yield row["cohort_date"], row

    def rates(
        self, mart_name: str, value: str, converted: str, users: str, **cell: object
    ) -> dict[date, Measure]:
        return {
            week: Measure(row[value], row[users], row[converted])
            for week, row in self.rows(mart_name, **cell)
        }

    def medians(
        self, mart_name: str, seconds: str, durations: str, **cell: object
    ) -> dict[date, Measure]:
        return {
            week: Measure(in_days(row[seconds]), row[durations])
            for week, row in self.rows(mart_name, **cell)
        }

    def retention_of_day(self, number: int) -> dict[date, Measure]:
        """From the users: retention_by_cohort may lack the day."""
        day = [Period("day", number, number, number)]
        anchored = anchored_users(self.population, "activated_at", day)
        until = self.population.observed_until_date
        measures = {}
        for (grain, week, segment_type, _), members in self.population.activation_cohorts.items():
            if (grain, segment_type) == ("week", "all"):
                observed = [anchored[user.user_id] for user in members if user.user_id in anchored]
                ((_, row),) = retention(day, observed, until)
                measures[week] = Measure(
                    row["retention_rate"], row["eligible_user_count"], row["retained_user_count"]
                )
        return measures

    def hand_offs(self) -> dict[date, Measure]:
        return {
            row["week_start_date"]: Measure(
                row["handoff_conversion_rate"],
                row["eligible_handoff_count"],
                row["converted_handoff_count"],
            )
            for row in self.population.rows_of("handoff_outcomes_by_week")
            if row["handoff_count"]
        }


def scorecard_metrics(population: Population) -> list[Metric]:
    definitions = population.definitions
    first_of_all = min(
        definitions.milestones, key=lambda m: (m.order, in_byte_order(m.milestone_id))
    )
    first, *rest = definitions.paths[first_of_all.path]
    weekly = WeeklyReader(population)
    metrics = [
        Metric(
            "activation_rate",
            THIRTY_DAYS,
            weekly.rates(
                "activation_by_cohort",
                "activation_rate",
                "activated_user_count",
                "eligible_user_count",
                window_days=30,
            ),
            is_measured=population.is_activation_measured,
        ),
        Metric(
            "time_to_first_value",
            THIRTY_DAYS,
            weekly.medians(
                "time_to_first_value_by_cohort",
                "median_time_to_first_value_seconds",
                "reached_user_count",
            ),
            is_rate=False,
        ),
        Metric(
            "milestone_completion_rate",
            first.timeframe,
            weekly.rates(
                "milestone_completion_by_cohort",
                "completion_rate",
                "completed_user_count",
                "eligible_user_count",
                milestone_id=first.milestone_id,
            ),
            is_measured=population.is_measured(first),
        ),
        Metric(
            "viral_coefficient",
            THIRTY_DAYS,
            {
                week: Measure(row["k_factor"], row["cohort_user_count"])
                for week, row in weekly.rows("viral_coefficient_by_cohort")
            },
            is_rate=False,
            is_measured=population.is_invitation_measured,
        ),
        Metric("retention_d7", 8 * DAY, weekly.retention_of_day(7)),
        Metric("retention_d30", 31 * DAY, weekly.retention_of_day(30)),
        Metric(
            "account_pql_rate",
            population.variables.pql_window_days * DAY,
            weekly.rates(
                "pql_rate_by_cohort",
                "pql_rate",
                "reached_unit_count",
                "eligible_unit_count",
                unit_type="account",
                scheme=population.variables.handoff_scheme,
            ),
        ),
        Metric(
            "handoff_conversion_rate",
            population.variables.conversion_window_days * DAY,
            weekly.hand_offs(),
            is_in_utc=True,
        ),
        Metric(
            "pql_conversion_rate",
            definitions.longest_timeframe,
            weekly.rates(
                "pql_conversion_by_cohort",
                "pql_conversion_rate",
                "pql_user_count",
                "activated_user_count",
            ),
        ),
    ]
    return metrics + [
        metric for second in rest[:1] for metric in two_step_metrics(first, second, weekly)
    ]


def two_step_metrics(first: Milestone, second: Milestone, weekly: WeeklyReader) -> list[Metric]:
    is_measured = all(map(weekly.population.is_measured, (first, second)))
    velocity_window = weekly.population.variables.velocity_window_days * DAY
    return [
        Metric(
            "milestone_velocity",
            first.timeframe + velocity_window,
            weekly.medians(
                "milestone_velocity_by_cohort",
                "median_seconds",
                "progressed_user_count",
                from_milestone_id=first.milestone_id,
                to_milestone_id=second.milestone_id,
            ),
            is_rate=False,
            is_measured=is_measured,
        ),
        Metric(
            "milestone_cohort_conversion",
            max(first.timeframe, second.timeframe),
            weekly.rates(
                "milestone_completion_by_cohort",
                "conversion_from_previous_rate",
                "completed_both_user_count",
                "previous_completed_user_count",
                milestone_id=second.milestone_id,
            ),
            is_measured=is_measured,
        ),
    ]


def in_days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / DAY.total_seconds()


@mart
def kpi_scorecard(population: Population) -> list[Row]:
    rows = []
    for metric in scorecard_metrics(population):
        closed_weeks = [week for week in metric.measures if metric.is_closed(week, population)]
        rows += [
            {
                "metric_id": metric.metric_id,
                "week_start_date": week,
                "is_latest": week == max(closed_weeks),
            }
            | judged(metric, week, population)
            for week in closed_weeks
        ]
    return rows


def judged(metric: Metric, week: date, population: Population) -> Row:
    """A metric's numbers of a week, beside those of the week before, the target and others."""
    definitions, variables = population.definitions, population.variables
    target = definitions.targets.get(metric.metric_id, NO_TARGET)
    registered = definitions.registry.get(metric.metric_id, NOT_REGISTERED)
    benchmark = definitions.benchmarks.get(
        (metric.metric_id, variables.benchmark_category, variables.benchmark_segment),
        NO_BENCHMARK,
    )
    measure, measure_before = metric.measures[week], metric.measures.get(week - WEEK)
    current = measure.value if metric.is_measured else None
    previous = measure_before.value if measure_before and metric.is_measured else None
    change = None if current is None or previous is None else current - previous
    interval = {"current_value_ci_lower": None, "current_value_ci_upper": None}
    p_value = None
    if metric.is_rate and current is not None:
        interval = rate_with_interval("current_value", measure.converted_count, measure.user_count)
        if measure_before:
            p_value = change_p_value(
                measure.counts, measure_before.counts, variables.minimum_group_users
            )
    noise = Noise(p_value, variables.significance_level) if metric.is_rate else None
    return {
        **interval,
        "metric_name": target.metric_name,
        "unit": target.unit,
        "current_value": current,
        "previous_value": previous,
        "week_over_week_change": change,
        "user_count": measure.user_count,
        "change_p_value": p_value,
        "target_value": target.target_value,
        "status": status(current, change, target, noise) if metric.is_measured else "not_measured",
        "layer": registered.layer,
        "indicator_type": registered.indicator_type,
        "owner": registered.owner,
        "benchmark_low": benchmark.low,
        "benchmark_high": benchmark.high,
        "benchmark_position": benchmark_position(current, benchmark),
    }


class Noise(NamedTuple):
    """How likely a change as large as that of a rate is by chance alone."""

    # None where the data are too few to say.
    p_value: float | None
    significance_level: float


def status(
    current: float | None, change: float | None, target: Target, noise: Noise | None = None
) -> str:
    """A word for where a metric stands; `noise` is None where it is no rate."""
    if current is None or target.target_value is None:
        return "unknown"
    gap = nine_decimals(target.target_value) - nine_decimals(current)
    # How far the target is still away, in the direction that is better.
    missing = gap if target.is_higher_better else -gap
    if missing <= 0:
        return "met"
    if change is None:
        return "unknown"
    if noise and noise.p_value is None:
        return "not_enough_data"
    step = nine_decimals(change)
    is_noise = noise is not None and noise.p_value >= noise.significance_level
    if abs(step) <= nine_decimals(target.tolerance) or is_noise:
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


@mart
def metric_history_by_definition(population: Population) -> list[Row]:
    return history_rows(population)
