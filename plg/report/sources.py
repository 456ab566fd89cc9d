"""What the report reads beside the marts, in SQL."""

from __future__ import annotations

from collections.abc import Callable

Query = Callable[[str], list[tuple]]
MOST_LEADS = 100

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
MILESTONES_SQL = """
    select milestone_id, definition, path, milestone_order, weight, timeframe_hours
    from staging.stg_milestones
    order by
        min(milestone_order) over (partition by path),
        min(milestone_id) over (partition by path),
        milestone_order,
        milestone_id
"""
# Tables that are no card of kinds; the names of their columns, and the query.
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
        MILESTONES_SQL,
    ),
    # Each cohort's signups: of marts that count only users whose window has closed, those who
    # are missing are open.
    "signups": (
        ("segment_type", "segment_value", "cohort_grain", "cohort_date", "signup_count"),
        """
        select segment_type, segment_value, cohort_grain, cohort_date, signup_count
        from marts.time_to_first_value_by_cohort as mart
        where {conditions}
        order by segment_type, segment_value, cohort_grain, cohort_date
        """,
    ),
    # Users who signed up before observed_from: in no rate, and not open either.
    "left_out": (
        (
            "segment_type", "segment_value", "cohort_anchor", "cohort_grain", "cohort_date",
            "user_count",
        ),
        """
        select segment_type, segment_value, cohort_anchor, cohort_grain, cohort_date, user_count
        from (
            select
                segments.segment_type,
                segments.segment_value,
                segments.cohort_anchor,
                segments.cohort_grain,
                segments.cohort_date,
                count(*) as user_count
            from intermediate.int_cohort_members as members
            inner join intermediate.int_cohort_segments as segments
                on members.cohort_key = segments.cohort_key
            where not members.is_in_rates
            group by all
        ) as mart
        where {conditions}
        order by segment_type, segment_value, cohort_anchor, cohort_grain, cohort_date
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
# Since when events are complete, and how many users signed up before.
LEFT_OUT_SQL = """
    select
        (select observed_from_at from intermediate.int_observation),
        count(*)
    from intermediate.int_cohort_members
    where cohort_anchor = 'signup' and not is_in_rates
"""
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

# Velocity counts only users whose window since the first milestone has closed. Here each row also
# has all who reached the first milestone and did not sign up before observed_from, so that the page can say how many are open.
EXTRA_COLUMNS = {"milestone_velocity_by_cohort": {"reached_user_count": "bigint"}}
RELATIONS = {
    "milestone_velocity_by_cohort": """(
        select velocity.*, coalesce(reaches.user_count, 0) as reached_user_count
        from marts.milestone_velocity_by_cohort as velocity
        left join (
            select
                segments.segment_type,
                segments.segment_value,
                segments.cohort_grain,
                segments.cohort_date,
                counts.milestone_id,
                cast(sum(counts.user_count) as bigint) as user_count
            from (
                select members.cohort_key, reached.milestone_id, count(*) as user_count
                from intermediate.int_milestones_reached as reached
                inner join intermediate.int_cohort_members as members
                    on reached.user_key = members.user_key
                where members.cohort_anchor = 'signup' and members.is_in_rates
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
        ) as reaches
            on
                velocity.segment_type = reaches.segment_type
                and velocity.segment_value = reaches.segment_value
                and velocity.cohort_grain = reaches.cohort_grain
                and velocity.cohort_date = reaches.cohort_date
                and velocity.from_milestone_id = reaches.milestone_id
    )"""
}


def relation(mart: str) -> str:
    """What the rows of a mart are read from, in SQL."""
    return RELATIONS.get(mart, f"marts.{mart}")
