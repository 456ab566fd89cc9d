"""What each chart of the report has to draw: queries on the marts."""

from __future__ import annotations

import re
from dataclasses import dataclass

DAYS = "{} / 86400"
NUMBERS = re.compile("value|lower|upper|.*_count|.*_factor|dau|mau")


@dataclass(frozen=True)
class Drawn:
    """Which rows of the marts a figure has to draw with a kind of mark.

    Attributes:
        mark: Vega's kind of mark.
        columns: names in the rows of the chart, and what they are in the mart, in SQL.
        source: a query on the marts that gives `columns`; the state fills in its names.
        segment_types: those that the mart has; None where it has all.
    """

    mark: str
    columns: dict[str, str]
    source: str
    segment_types: tuple[str, ...] | None = None


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def rate(name: str, *, interval: bool = True) -> dict[str, str]:
    ends = {"lower": f"{name}_ci_lower", "upper": f"{name}_ci_upper"} if interval else {}
    return {"value": name, **ends}


def several(mart: str, where: str, date_column: str, columns: dict[str, str]) -> str:
    """A row for each of these columns, with its name as `series`."""
    return "from (" + " union all ".join(
        f"select {date_column}, '{name}' as series, {column} as value "
        f"from marts.{mart} where {where} and {column} is not null"
        for name, column in columns.items()
    ) + ")"  # fmt: skip


COHORTS = "segment_type = '{type}' and segment_value = '{value}' and cohort_grain = '{grain}'"
SEGMENT = "segment_type = '{type}' and segment_value = '{value}'"
ALL_COHORTS = f"{SEGMENT} and cohort_grain = 'all'"
COHORT = {"begins": "cohort_date"}
SERIES = same("series", "value")
WINDOW = "window_days = {window_days}"
FUNNEL = "funnel_id = '{funnel_id}' and conversion_from_entry_rate is not null"
STEP = "step_number || ' ' || step_name || case when is_optional then ' (optional)' else '' end"
UNITS = "unit_type = '{unit_type}'"
UNITS_SCORED = f"{UNITS} and scheme = '{{scheme}}'"
TENTHS = f"{UNITS_SCORED} and snapshot_set = '{{snapshot_set}}' and bin_type = 'decile' "
TENTHS += "and snapshot_age_days = {snapshot_age_days}"
IS_LEAD = f"from marts.pql_score_history where {UNITS_SCORED} and is_lead"
MILESTONE = "milestone_id || ' ' || (select any_value(definition) from staging.stg_milestones as "
MILESTONE += "defined where defined.milestone_id = mart.milestone_id)"
CHARTS = {
    "activation_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("activation_rate"),
            **same("signup_count", "eligible_user_count", "activated_user_count"),
        },
        f"from marts.activation_by_cohort where {COHORTS} and {WINDOW} "
        "and activation_rate is not null",
    ),
    "activation_by_cohort.2": Drawn(
        "rect",
        {**COHORT, **SERIES},
        several(
            "activation_by_cohort", f"{COHORTS} and {WINDOW}", "cohort_date",
            {
                "window closed": "eligible_user_count",
                "still open": "(signup_count - eligible_user_count)",
            },
        ),
    ),
    "milestone_completion_by_cohort.1": Drawn(
        "rect",
        {
            "series": MILESTONE, **rate("completion_rate"),
            **same(
                "milestone_id", "completed_user_count", "eligible_user_count",
                "previous_completed_user_count", "completed_both_user_count",
            ),
        },
        f"from marts.milestone_completion_by_cohort as mart where {ALL_COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_completion_by_cohort.2": Drawn(
        "symbol",
        {**COHORT, "series": MILESTONE, "value": "completion_rate", **same("eligible_user_count")},
        f"from marts.milestone_completion_by_cohort as mart where {COHORTS} "
        "and completion_rate is not null",
    ),
    "milestone_velocity_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, "series": "from_milestone_id || ' to ' || to_milestone_id",
            "value": DAYS.format("median_seconds"), **same("eligible_user_count"),
        },
        f"from marts.milestone_velocity_by_cohort where {COHORTS} and median_seconds is not null",
    ),
    "time_to_first_value_curve.1": Drawn(
        "symbol",
        {
            **same(
                "segment_value", "day_number", "at_risk_count", "event_count", "censored_count"
            ),
            "value": "survival_probability", "lower": "survival_ci_lower",
            "upper": "survival_ci_upper",
        },
        "from marts.time_to_first_value_curve where segment_type = '{type}' and at_risk_count > 0",
    ),
    "milestone_survival_curve.1": Drawn(
        "symbol",
        {
            **same(
                "segment_value", "day_number", "at_risk_count", "event_count", "censored_count"
            ),
            "value": "survival_probability", "lower": "survival_ci_lower",
            "upper": "survival_ci_upper",
        },
        "from marts.milestone_survival_curve where segment_type = '{type}' "
        "and milestone_id = '{milestone_id}' and at_risk_count > 0",
    ),
    "time_to_first_value_by_cohort.1": Drawn(
        "symbol",
        {**COHORT, **SERIES},
        several(
            "time_to_first_value_by_cohort", COHORTS, "cohort_date",
            {
                "median": "median_time_to_first_value_seconds / 86400",
                "three of four": "p75_time_to_first_value_seconds / 86400",
                "nine of ten": "p90_time_to_first_value_seconds / 86400",
            },
        ),
    ),
    "retention_by_cohort.1": Drawn(
        "rect",
        {
            **COHORT, "value": "retention_rate",
            **same(
                "period_number", "period_start_day", "period_end_day", "cohort_user_count",
                "eligible_user_count", "retained_user_count",
            ),
            "place_label": "case period_grain when 'bracket' then period_start_day || '–' || "
            "period_end_day else cast(period_number as varchar) end",
        },
        f"from marts.retention_by_cohort where {COHORTS} and cohort_anchor = '{{cohort_anchor}}' "
        "and period_grain = '{period_grain}' and retention_rate is not null",
    ),
    "retention_by_cohort.2": Drawn(
        "symbol",
        {
            "series": "cohort_anchor", **rate("retention_rate"),
            **same("period_number", "period_start_day", "period_end_day", "eligible_user_count"),
        },
        f"from marts.retention_by_cohort where {ALL_COHORTS} and period_grain = '{{period_grain}}' "
        "and retention_rate is not null",
    ),
    "growth_accounting_by_week.1": Drawn(
        "rect",
        {"begins": "week_start_date", **SERIES},
        several(
            "growth_accounting_by_week", SEGMENT, "week_start_date",
            {
                kind: f"{kind}_user_count"
                for kind in ("new", "retained", "resurrected", "churned")
            },
        ),
    ),
    "active_users_by_day.1": Drawn(
        "symbol",
        {"begins": "activity_date", **SERIES},
        several(
            "active_users_by_day", SEGMENT, "activity_date",
            {measure: measure for measure in ("dau", "wau", "mau")},
        ),
    ),
    "active_users_by_day.2": Drawn(
        "symbol",
        {"begins": "activity_date", "value": "stickiness_rate", **same("dau", "mau")},
        f"from marts.active_users_by_day where {SEGMENT} and stickiness_rate is not null",
    ),
    "viral_coefficient_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, "value": "k_factor",
            **same("activated_k_factor", "invited_signup_count", "cohort_user_count"),
        },
        f"from marts.viral_coefficient_by_cohort where {COHORTS} and k_factor is not null",
    ),
    "viral_coefficient_by_cohort.2": Drawn(
        "symbol",
        {**COHORT, **SERIES},
        several(
            "viral_coefficient_by_cohort", COHORTS, "cohort_date",
            {
                "i: invitations per user": "invitations_per_user",
                "c: signups per invitation": "invitation_conversion_rate",
            },
        ),
    ),
    "viral_coefficient_by_cohort.3": Drawn(
        "symbol",
        {
            **COHORT, "value": DAYS.format("median_viral_cycle_seconds"),
            **same("invited_signup_count"),
        },
        f"from marts.viral_coefficient_by_cohort where {COHORTS} "
        "and median_viral_cycle_seconds is not null",
    ),
    "pql_conversion_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("pql_conversion_rate", interval=False),
            **same("pql_user_count", "activated_user_count"),
        },
        f"from marts.pql_conversion_by_cohort where {COHORTS} and pql_conversion_rate is not null",
    ),
    "funnel_conversion_by_cohort.1": Drawn(
        "rect",
        {
            "series": STEP, **rate("conversion_from_entry_rate"),
            **same("previous_user_count", "reached_user_count", "eligible_user_count"),
            "median_days_from_entry": DAYS.format("median_seconds_from_entry"),
        },
        f"from marts.funnel_conversion_by_cohort where {ALL_COHORTS} and {FUNNEL}",
    ),
    "funnel_conversion_by_cohort.3": Drawn(
        "symbol",
        {
            **COHORT, "series": STEP, "value": "conversion_from_entry_rate",
            **same("previous_user_count"),
        },
        f"from marts.funnel_conversion_by_cohort where {COHORTS} and {FUNNEL}",
    ),
    "event_transitions.1": Drawn(
        "rect",
        {
            "series": "to_event_name", **rate("transition_rate"),
            **same("transition_user_count", "eligible_user_count"),
        },
        f"from marts.event_transitions where {SEGMENT} "
        "and from_event_name = '{from_event_name}' and transition_user_count > 0",
        segment_types=("all", "acquisition_type"),
    ),
    "handoff_outcomes_by_week.1": Drawn(
        "symbol",
        {"begins": "week_start_date", **SERIES},
        several(
            "handoff_outcomes_by_week", "true", "week_start_date",
            {
                "converted": "handoff_conversion_rate",
                "not, in 4 weeks": "trailing_false_discovery_rate",
            },
        ),
    ),
    "pql_rate_by_cohort.1": Drawn(
        "symbol",
        {
            **COHORT, **rate("pql_rate"),
            **same("unit_count", "eligible_unit_count", "reached_unit_count"),
        },
        f"from marts.pql_rate_by_cohort where {COHORTS} and {UNITS_SCORED} "
        "and pql_rate is not null",
    ),
    # Leads at the end of each week in which one came or left.
    "pql_score_history.1": Drawn(
        "symbol",
        {"begins": "sunday", **same("value")},
        f"from (select sunday, (select count(*) {IS_LEAD} and valid_from_date <= sunday "
        "and coalesce(valid_until_date > sunday, true)) as value "
        "from (select distinct cast(date_trunc('week', day) as date) + 6 as sunday "
        f"from (select unnest([valid_from_date, valid_until_date]) as day {IS_LEAD}) "
        "where day is not null))",
    ),
    "pql_calibration_by_bin.1": Drawn(
        "symbol",
        {
            **rate("conversion_rate"),
            **same("bin_number", "eligible_unit_count", "converted_unit_count"),
        },
        f"from marts.pql_calibration_by_bin where {TENTHS} and conversion_rate is not null",
    ),
    "pql_calibration_by_bin.2": Drawn(
        "symbol",
        {"value": "cumulative_recall_rate", **same("bin_number")},
        f"from marts.pql_calibration_by_bin where {TENTHS}",
    ),
    "pql_drift_by_week.1": Drawn(
        "symbol",
        {"begins": "week_start_date", "series": "scheme", "value": "psi"},
        f"from marts.pql_drift_by_week where {UNITS} and psi is not null",
    ),
    "pql_drift_by_week.2": Drawn(
        "symbol",
        {"begins": "week_start_date", "series": "scheme", "value": "mean_score"},
        f"from marts.pql_drift_by_week where {UNITS} and mean_score is not null",
    ),
}  # fmt: skip
