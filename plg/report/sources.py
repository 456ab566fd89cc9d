"""What the report reads beside the marts, in SQL."""

from __future__ import annotations

from collections.abc import Callable

Query = Callable[[str], list[tuple]]
MOST_LEADS = 100

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

# Values under earlier definitions of the weeks that the scorecard has, by metric and version.
OTHER_TABLES["metric_history_by_definition"] = (
    (
        "metric_id", "definitions_version", "week_start_date", "valid_from_date", "owner", "change",
        "value", "difference", "is_comparable",
    ),
    """
    select
        metric_id, definitions_version, week_start_date, valid_from_date, owner, change,
        value, difference, is_comparable
    from marts.metric_history_by_definition
    where not is_current and {conditions}
    order by metric_id, valid_from_date nulls first, definitions_version, week_start_date
    """,
)  # fmt: skip
# The date from which this build's definitions are used; no row where they are not logged.
OTHER_TABLES["definitions"] = (
    ("definitions_version", "valid_from_date", "owner", "change"),
    """
    select definitions_version, valid_from_date, owner, change
    from intermediate.int_definitions_version
    where {conditions}
    """,
)
# What each metric means.
OTHER_TABLES["metric_registry"] = (
    (
        "metric_id", "layer", "indicator_type", "owner", "unit_of_analysis", "time_window", "definition",
        "edge_cases", "actionable_signal", "common_mistake",
    ),
    """
    select
        metric_id, layer, indicator_type, owner, unit_of_analysis, time_window, definition, edge_cases,
        actionable_signal, common_mistake
    from definitions.metric_registry
    where {conditions}
    order by metric_id
    """,
)  # fmt: skip
# How many users wait for each milestone, by segment, and how long ago they were active. The day of
# observed_until_at is the last of the days.
OTHER_TABLES["users"] = (
    (
        "segment_type", "segment_value", "next_milestone_id", "user_count", "activated_user_count",
        "open_user_count", "active_7_days_user_count", "active_30_days_user_count",
    ),
    """
    with counts as (
        select
            members.segment_key,
            users.next_milestone_id,
            count(*) as user_count,
            count(case when users.is_activated then 1 end) as activated_user_count,
            count(case when users.last_active_date > observation.last_date - 7 then 1 end)
                as active_7_days_user_count,
            count(case when users.last_active_date > observation.last_date - 30 then 1 end)
                as active_30_days_user_count,
            count(
                case when not (users.is_activated or users.is_activation_window_closed) then 1 end
            ) as open_user_count
        from marts.users as users
        inner join intermediate.int_users as known on users.user_id = known.user_id
        inner join intermediate.int_user_segments as members on known.user_key = members.user_key
        cross join (
            select observed_until_date as last_date from intermediate.int_observation
        ) as observation
        group by members.segment_key, users.next_milestone_id
    )
    select
        mart.segment_type,
        mart.segment_value,
        counts.next_milestone_id,
        cast(sum(counts.user_count) as bigint) as user_count,
        cast(sum(counts.activated_user_count) as bigint) as activated_user_count,
        cast(sum(counts.open_user_count) as bigint) as open_user_count,
        cast(sum(counts.active_7_days_user_count) as bigint) as active_7_days_user_count,
        cast(sum(counts.active_30_days_user_count) as bigint) as active_30_days_user_count
    from counts
    inner join intermediate.int_segments as mart on counts.segment_key = mart.segment_key
    left join staging.stg_milestones as milestones
        on counts.next_milestone_id = milestones.milestone_id
    where {conditions}
    group by
        mart.segment_type, mart.segment_value, counts.next_milestone_id, milestones.path,
        milestones.milestone_order
    order by
        mart.segment_type, mart.segment_value, milestones.path nulls last,
        milestones.milestone_order nulls last
    """,
)  # fmt: skip

# Leads that are open, by score. Those that are not are counted by status.
LEADS = (
    "unit_type", "unit_id", "account_id", "score", "handed_off_date", "score_at_handoff", "top_signals",
    "recommended_action",
)  # fmt: skip
OTHER_TABLES["leads_to_hand_off"] = (
    LEADS,
    f"""
    select {", ".join(LEADS)}
    from marts.leads_to_hand_off
    where status = 'open'
    order by score desc, handed_off_date desc, unit_id
    limit {MOST_LEADS}
    """,
)
OTHER_TABLES["lead_statuses"] = (
    ("scheme", "status", "unit_count"),
    """
    select scheme, status, count(*) as unit_count
    from marts.leads_to_hand_off
    group by scheme, status
    order by scheme, status
    """,
)
# How many users each band of the two current scores has, empty bands too.
OTHER_TABLES["pql_scores"] = (
    ("scheme", "band", "lower_bound", "is_qualified", "user_count"),
    """
    with scores as (
        select 'milestone_share' as scheme, milestone_band as band
        from marts.pql_scores
        union all
        select 'points' as scheme, points_band as band
        from marts.pql_scores
    )
    select
        bands.scheme, bands.band, bands.lower_bound, bands.is_qualified, count(scores.band) as user_count
    from staging.stg_pql_bands as bands
    left join scores on bands.scheme = scores.scheme and bands.band = scores.band
    where bands.scheme in ('milestone_share', 'points')
    group by bands.scheme, bands.band, bands.lower_bound, bands.is_qualified
    order by bands.scheme, bands.lower_bound desc
    """,
)
OVERVIEW_SQL = """
    select
        count(*),
        count(case when is_pql then 1 end),
        max(scored_at),
        (select first_signup_date from intermediate.int_observation),
        (select observed_until_date from intermediate.int_observation),
        (select reporting_timezone from intermediate.int_observation)
    from marts.pql_scores
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
        ) as place,
        count(*) over (partition by segment_type) as value_count
    from marts.time_to_first_value_by_cohort
    where cohort_grain = 'all'
"""
