"""Reads what the report shows: the marts, and the names that the definitions give to milestones."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Query = Callable[[str], list[tuple]]

COHORT = ("segment_type", "segment_value", "cohort_grain", "cohort_date")
SEGMENT = ("segment_type", "segment_value")
# A page of four years by week; older weeks, and small values of a segment type, are left out.
MOST_COHORTS = 208
MOST_SEGMENT_VALUES = 10
MOST_LEADS = 100
# Microseconds, and what a drawing could show of a share, are kept.
DECIMALS = 6


@dataclass(frozen=True)
class Table:
    """What the page holds of one mart.

    Attributes:
        keys: columns that say which row it is.
        values: the numbers, text and times beside them.
        quotients: rates as (numerator, denominator); the page divides, as the mart does, since
            counts take less room than quotients.
        mart: the mart's name, where it is not the table's.
        source: a query in place of a mart.
        where: a condition on its rows.
    """

    keys: tuple[str, ...]
    values: tuple[str, ...]
    quotients: dict[str, tuple[str, str]] = field(default_factory=dict)
    mart: str | None = None
    source: str | None = None
    where: str = "true"

    def relation(self, name: str) -> str:
        """What its rows are read from, in SQL; `name` is the table's."""
        return f"({self.source})" if self.source else f"marts.{self.mart or name}"


def _interval(rate: str) -> tuple[str, str]:
    return f"{rate}_ci_lower", f"{rate}_ci_upper"


TABLES = {
    "activation_by_cohort": Table(
        keys=("window_days", *COHORT),
        values=(
            "signup_count",
            "eligible_user_count",
            "activated_user_count",
            *_interval("activation_rate"),
        ),
        quotients={"activation_rate": ("activated_user_count", "eligible_user_count")},
    ),
    "milestone_completion_by_cohort": Table(
        keys=("milestone_id", "milestone_order", *COHORT),
        values=(
            "eligible_user_count",
            "completed_user_count",
            *_interval("completion_rate"),
            "previous_completed_user_count",
            "completed_both_user_count",
        ),
        quotients={
            "completion_rate": ("completed_user_count", "eligible_user_count"),
            "conversion_from_previous_rate": (
                "completed_both_user_count",
                "previous_completed_user_count",
            ),
        },
    ),
    "time_to_first_value_by_cohort": Table(
        keys=COHORT,
        values=(
            "signup_count",
            "eligible_user_count",
            "reached_user_count",
            *_interval("reached_rate"),
            "median_time_to_first_value_seconds",
            "p75_time_to_first_value_seconds",
            "p90_time_to_first_value_seconds",
            "km_median_time_to_first_value_days",
        ),
        quotients={"reached_rate": ("reached_user_count", "eligible_user_count")},
    ),
    "time_to_first_value_curve": Table(
        keys=(*SEGMENT, "day_number"),
        values=(
            "at_risk_count",
            "event_count",
            "censored_count",
            "survival_probability",
            "survival_ci_lower",
            "survival_ci_upper",
        ),
    ),
    "milestone_velocity_by_cohort": Table(
        keys=("path", "from_milestone_id", "to_milestone_id", *COHORT),
        values=(
            "eligible_user_count",
            "progressed_user_count",
            "out_of_order_user_count",
            "median_seconds",
            "p75_seconds",
        ),
        quotients={"progression_rate": ("progressed_user_count", "eligible_user_count")},
    ),
    # Who reached a milestone, whether or not the window since then has closed, as in the mart above.
    "milestone_reaches": Table(
        keys=("milestone_id", *COHORT),
        values=("reached_user_count",),
        source="""
            select
                segments.segment_type,
                segments.segment_value,
                segments.cohort_grain,
                segments.cohort_date,
                counts.milestone_id,
                cast(sum(counts.user_count) as bigint) as reached_user_count
            from (
                select members.cohort_key, reached.milestone_id, count(*) as user_count
                from intermediate.int_milestones_reached as reached
                inner join intermediate.int_cohort_members as members
                    on reached.user_key = members.user_key
                where members.cohort_anchor = 'signup'
                group by members.cohort_key, reached.milestone_id
            ) as counts
            inner join intermediate.int_cohort_segments as segments
                on counts.cohort_key = segments.cohort_key
            group by
                segments.segment_type,
                segments.segment_value,
                segments.cohort_grain,
                segments.cohort_date,
                counts.milestone_id
        """,
    ),
    "retention_by_cohort": Table(
        keys=("cohort_anchor", "period_grain", *COHORT, "period_number"),
        values=("cohort_user_count", "eligible_user_count", "retained_user_count"),
        quotients={"retention_rate": ("retained_user_count", "eligible_user_count")},
    ),
    # The intervals are drawn for all cohorts together only.
    "retention_curves": Table(
        keys=("cohort_anchor", "period_grain", *SEGMENT, "period_number"),
        values=(
            "cohort_user_count",
            "eligible_user_count",
            "retained_user_count",
            *_interval("retention_rate"),
        ),
        quotients={"retention_rate": ("retained_user_count", "eligible_user_count")},
        mart="retention_by_cohort",
        where="cohort_grain = 'all'",
    ),
    "growth_accounting_by_week": Table(
        keys=(*SEGMENT, "week_start_date"),
        values=(
            "new_user_count",
            "retained_user_count",
            "resurrected_user_count",
            "churned_user_count",
            "active_user_count",
        ),
    ),
    "active_users_by_day": Table(
        keys=(*SEGMENT, "activity_date"),
        values=("dau", "wau", "mau"),
        quotients={"stickiness_rate": ("dau", "mau")},
    ),
    "viral_coefficient_by_cohort": Table(
        keys=COHORT,
        values=(
            "cohort_user_count",
            "invitation_count",
            "inviting_user_count",
            "invited_signup_count",
            "median_viral_cycle_seconds",
            "fully_observed_user_count",
            "invited_activated_count",
        ),
        quotients={
            "invitations_per_user": ("invitation_count", "cohort_user_count"),
            "invitation_conversion_rate": ("invited_signup_count", "invitation_count"),
            "k_factor": ("invited_signup_count", "cohort_user_count"),
            "activated_k_factor": ("invited_activated_count", "fully_observed_user_count"),
        },
    ),
    "pql_conversion_by_cohort": Table(
        keys=COHORT,
        values=(
            "eligible_user_count",
            "activated_user_count",
            "pql_user_count",
            "pql_without_activation_count",
        ),
        quotients={"pql_conversion_rate": ("pql_user_count", "activated_user_count")},
    ),
    "data_quality_by_rule": Table(
        keys=("rule_name",), values=("row_count", "first_seen_at", "last_seen_at")
    ),
}

# A metric with a target and no closed week has a row without a week.
SCORECARD_SQL = """
    select
        coalesce(scorecard.metric_id, targets.metric_id) as metric_id,
        coalesce(targets.metric_name, scorecard.metric_id, targets.metric_id) as metric_name,
        coalesce(targets.unit, '') as unit,
        scorecard.week_start_date,
        scorecard.is_latest,
        scorecard.current_value,
        weeks.user_count,
        scorecard.previous_value,
        scorecard.week_over_week_change,
        coalesce(scorecard.target_value, targets.target_value) as target_value,
        scorecard.status,
        scorecard.benchmark_low,
        scorecard.benchmark_high,
        scorecard.benchmark_position
    from definitions.kpi_targets as targets
    full join marts.kpi_scorecard as scorecard on targets.metric_id = scorecard.metric_id
    left join intermediate.int_scorecard_weeks as weeks
        on
            scorecard.metric_id = weeks.metric_id
            and scorecard.week_start_date = weeks.week_start_date
"""
OTHER_TABLES = {
    "kpi_scorecard": (
        (
            "metric_id", "metric_name", "unit", "week_start_date", "is_latest", "current_value",
            "user_count", "previous_value", "week_over_week_change", "target_value", "status",
            "benchmark_low", "benchmark_high", "benchmark_position",
        ),
        f"{SCORECARD_SQL} order by metric_name, metric_id, week_start_date",
    ),
    "milestones": (
        ("milestone_id", "definition", "path", "milestone_order", "weight", "timeframe_hours"),
        """
        select milestone_id, definition, path, milestone_order, weight, timeframe_hours
        from staging.stg_milestones
        order by
            min(milestone_order) over (partition by path),
            min(milestone_id) over (partition by path),
            milestone_order,
            milestone_id
        """,
    ),
}  # fmt: skip

LEADS = (
    "user_id", "account_id", "signed_up_at", "milestone_score", "milestone_band",
    "milestone_action", "is_pql", "qualified_at", "points_score", "behavior_points",
    "fit_points", "points_band", "points_action",
)  # fmt: skip
LEADS_SQL = f"""
    select {", ".join(LEADS)}
    from marts.pql_scores
    where is_pql or milestone_score > 0 or points_score > 0
    order by
        points_score desc,
        case when is_pql then 0 else 1 end,
        qualified_at desc nulls last,
        milestone_score desc,
        user_id
    limit {MOST_LEADS}
"""
COMPLETED_SQL = """
    with leads as ({leads})
    select leads.user_id, reached.milestone_id
    from leads
    inner join intermediate.int_users as users on leads.user_id = users.user_id
    inner join intermediate.int_milestones_reached as reached on users.user_key = reached.user_key
    inner join staging.stg_milestones as milestones
        on reached.milestone_id = milestones.milestone_id
    where reached.is_completed
    order by leads.user_id, milestones.milestone_order, reached.milestone_id
"""
OVERVIEW_SQL = """
    select
        count(*),
        count(case when is_pql then 1 end),
        max(scored_at),
        min(signed_up_at),
        (select last_record_at from intermediate.int_observation)
    from marts.pql_scores
"""
# An observed_until further than this behind the last record closes windows that nobody watched.
UNWATCHED = dt.timedelta(days=1)
# The values of each segment type, the one with the most signups in the first place.
SEGMENTS_SQL = """
    select
        segment_type,
        segment_value,
        signup_count,
        row_number() over (
            partition by segment_type
            order by signup_count desc, segment_value
        ) as place
    from marts.time_to_first_value_by_cohort
    where cohort_grain = 'all'
"""
# All models and seeds that the page shows something of.
SOURCES = frozenset(
    re.findall(
        r"(?:definitions|staging|intermediate|marts)\.(\w+)",
        " ".join(
            [
                *(sql for _, sql in OTHER_TABLES.values()),
                *(table.relation(name) for name, table in TABLES.items()),
                *(LEADS_SQL, COMPLETED_SQL, OVERVIEW_SQL),
            ]
        ),
    )
)
# Dates of marts without cohorts; they reach back as far as the weekly cohorts.
WEEKLY_DATES = ("week_start_date", "activity_date")


def _plain(value: Any) -> Any:
    """The value as JSON can say it."""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return round(value, DECIMALS) if isinstance(value, float) else value


def encode(columns: tuple[str, ...], rows: list[tuple]) -> dict[str, Any]:
    """A table by columns; one of text as its distinct values, and for each row a place in them."""
    encoded = {}
    for number, name in enumerate(columns):
        values = [_plain(row[number]) for row in rows]
        if any(isinstance(value, str) for value in values):
            places = {value: place for place, value in enumerate(dict.fromkeys(values))}
            encoded[name] = {"values": list(places), "places": [places[value] for value in values]}
        else:
            encoded[name] = values
    return {"length": len(rows), "columns": encoded}


@dataclass(frozen=True)
class _Limits:
    """Which segments and cohorts the page holds, and sentences about those that it leaves out."""

    segments: list[tuple[str, str, int]]
    first_dates: dict[str, dt.date]
    sentences: list[str]

    def conditions(self, keys: tuple[str, ...]) -> list[str]:
        """Conditions on the rows of a mart with these keys; the mart goes by the name `mart`."""
        conditions = []
        if "segment_type" in keys:
            conditions.append(
                f"exists (select 1 from ({SEGMENTS_SQL}) as segments "
                f"where segments.place <= {MOST_SEGMENT_VALUES} "
                "and segments.segment_type = mart.segment_type "
                "and segments.segment_value = mart.segment_value)"
            )
        for grain, date in self.first_dates.items():
            first = f"cast('{date}' as date)"
            if "cohort_grain" in keys:
                conditions.append(f"(cohort_grain <> '{grain}' or cohort_date >= {first})")
            elif grain == "week":
                conditions += [f"{key} >= {first}" for key in keys if key in WEEKLY_DATES]
        return conditions


def _limits(query: Query) -> _Limits:
    rows = query(
        f"{SEGMENTS_SQL} order by case when segment_type = 'all' then 0 else 1 end, "
        "segment_type, place"
    )
    sentences = [
        f"{count} more values of {kind}, those with the fewest signups, are in the marts only."
        for kind, count in Counter(row[0] for row in rows if row[3] > MOST_SEGMENT_VALUES).items()
    ]
    first_dates = {}
    for grain in ("week", "month"):
        dates = [
            row[0]
            for row in query(
                "select distinct cohort_date from marts.time_to_first_value_by_cohort "
                f"where cohort_grain = '{grain}' order by cohort_date desc"
            )
        ]
        if len(dates) > MOST_COHORTS:
            first_dates[grain] = dates[MOST_COHORTS - 1]
            sentences.append(
                f"{len(dates) - MOST_COHORTS} older cohorts by {grain} are in the marts only."
            )
    segments = [row[:3] for row in rows if row[3] <= MOST_SEGMENT_VALUES]
    return _Limits(segments, first_dates, sentences)


def _leads(query: Query) -> dict[str, Any]:
    completed: dict[str, list[str]] = {}
    for user_id, milestone_id in query(COMPLETED_SQL.format(leads=LEADS_SQL)):
        completed.setdefault(user_id, []).append(milestone_id)
    rows = [(*row, ", ".join(completed.get(row[0], []))) for row in query(LEADS_SQL)]
    return encode((*LEADS, "completed_milestones"), rows)


def read_report(query: Query) -> dict[str, Any]:
    """All data of the page, ready for JSON.

    Args:
        query: gives the rows of a query on a finished build.

    Returns:
        `users`, `leads`, `first_signup`, `observed_until` (UTC, as text; null without users);
        `segments`, a list of [type, value, signups], all users first; `notes`, sentences;
        `tables`, by name, as `encode` gives them; `quotients`, by table.
    """
    users, leads, observed_until, first_signup, last_seen = query(OVERVIEW_SQL)[0]
    limits = _limits(query)
    notes = list(limits.sentences)
    if users and observed_until - last_seen > UNWATCHED:
        notes.append(
            f"The last record is of {_plain(last_seen)[:16]} UTC: what should have closed after it, "
            "up to observed_until, counts as closed, though nobody watched."
        )
    tables = {}
    for name, table in TABLES.items():
        columns = (*table.keys, *table.values)
        conditions = " and ".join([table.where, *limits.conditions(table.keys)])
        tables[name] = encode(
            columns,
            query(
                f"select {', '.join(columns)} from {table.relation(name)} as mart "
                f"where {conditions} order by {', '.join(table.keys)}"
            ),
        )
    for name, (columns, sql) in OTHER_TABLES.items():
        tables[name] = encode(columns, query(sql))
    tables["pql_scores"] = _leads(query)
    return {
        "users": users,
        "leads": leads,
        "first_signup": _plain(first_signup),
        "observed_until": _plain(observed_until),
        "segments": limits.segments,
        "notes": notes,
        "tables": tables,
        "quotients": {name: table.quotients for name, table in TABLES.items() if table.quotients},
    }
