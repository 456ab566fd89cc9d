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

# Velocity counts only users whose window since the first milestone has closed. Here each row also
# has all who reached the first milestone and did not sign up before observed_from, so that the page can say how many are open.
# A row of a funnel has those who entered it and did sign up before. Marts without cohorts
# have the number of open users itself.
EXTRA_COLUMNS = {
    "event_transitions": {"open_user_count": "bigint"},
    "pql_score_history": {"lead_count": "bigint"},
    "milestone_dependence": {"open_user_count": "bigint"},
    "playbook_kpis": {
        "step": "string",
        "step_place": "bigint",
        "whom": "string",
        "verdict": "string",
    },
    "milestone_velocity_by_cohort": {"reached_user_count": "bigint"},
    "funnel_conversion_by_cohort": {"left_out_user_count": "bigint"},
    "friction_by_funnel_step": {"step_name": "string", "open_user_count": "bigint"},
    "activation_event_candidates": {
        "open_user_count": "bigint",
        "behaviour": "string",
        "newer_user_count": "bigint",
        "newer_retention_if_done_rate": "double",
        "newer_retention_if_not_done_rate": "double",
        "newer_users_say": "string",
    },
}
IN_RATES_SQL = """
    select count(*)
    from intermediate.int_cohort_members
    where cohort_anchor = 'signup' and is_in_rates
"""
RELATIONS = {
    # What older users did, and beside it what newer users say of it.
    "activation_event_candidates": f"""(
        select
            tests.*,
            ({IN_RATES_SQL}) - (select count(*) from intermediate.int_discovery_users)
                as open_user_count,
            tests.event_name
            || case
                when tests.min_count > 1 then ' at least ' || tests.min_count || ' times'
                else ''
            end
            || ' within '
            || case when tests.window_days = 1 then '1 day' else tests.window_days || ' days' end
                as behaviour,
            newer.user_count as newer_user_count,
            newer.retention_if_done_rate as newer_retention_if_done_rate,
            newer.retention_if_not_done_rate as newer_retention_if_not_done_rate,
            case
                when tests.candidate_rank is null then null
                when tests.is_recommended then 'yes: recommended'
                when tests.is_confirmed then 'yes'
                when newer.p_value is null then 'not enough data'
                else 'no'
            end as newer_users_say
        from marts.activation_event_candidates as tests
        inner join marts.activation_event_candidates as newer
            on
                tests.event_name = newer.event_name
                and tests.window_days = newer.window_days
                and tests.min_count = newer.min_count
        where tests.sample_name = 'train' and newer.sample_name = 'confirm'
    )""",
    # How many units are leads at the end of each week in which that changed.
    "pql_score_history": """(
        select
            unit_type,
            'all' as unit_id,
            scheme,
            week_date as valid_from_date,
            cast(sum(sum(change)) over (
                partition by unit_type, scheme order by week_date rows unbounded preceding
            ) as bigint) as lead_count
        from (
            select
                unit_type, scheme, 1 as change,
                cast(date_trunc('week', valid_from_date) as date) + 6 as week_date
            from marts.pql_score_history
            where is_lead
            union all
            select
                unit_type, scheme, -1 as change,
                cast(date_trunc('week', valid_until_date) as date) + 6 as week_date
            from marts.pql_score_history
            where is_lead and valid_until_date is not null
        )
        group by unit_type, scheme, week_date
    )""",
    # The steps in the order of each playbook, and in words.
    "playbook_kpis": """(
        select
            kpis.*,
            coalesce(playbook_name, playbook_id) || ': ' || coalesce(kpi_name, kpi_id)
            || case
                when min_count > 1 then ' at least ' || min_count || ' times'
                else ''
            end
            || coalesce(' within ' || timeframe, ' on ' || retention_period, '') as step,
            row_number() over (order by playbook_id, kpi_order, kpi_id) as step_place,
            case
                when coalesce(segment_type, 'all') = 'all' then 'everybody'
                else replace(segment_type, '_', ' ') || ' ' || segment_value
            end as whom,
            case
                when not is_instrumented then 'not measured: no event ' || triggered_by_event
                when target_rate is null then 'no target'
                when achieved_rate is null then 'nobody yet'
                else status
            end as verdict
        from marts.playbook_kpis as kpis
    )""",
    "friction_by_funnel_step": """(
        select friction.*, steps.step_name, coalesce(entries.open_user_count, 0) as open_user_count
        from marts.friction_by_funnel_step as friction
        inner join staging.stg_funnels as steps
            on friction.funnel_id = steps.funnel_id and friction.step_number = steps.step_number
        left join (
            select funnel_id, count(*) as open_user_count
            from intermediate.int_funnel_attempts
            where is_in_rates and not is_eligible
            group by funnel_id
        ) as entries
            on friction.funnel_id = entries.funnel_id
    )""",
    "event_transitions": """(
        select transitions.*, coalesce(starts.open_user_count, 0) as open_user_count
        from marts.event_transitions as transitions
        left join (
            select
                segments.segment_type,
                segments.segment_value,
                steps.from_event_name,
                count(*) as open_user_count
            from intermediate.int_journey_steps as steps
            inner join intermediate.int_cohort_members as members
                on steps.user_key = members.user_key
            inner join intermediate.int_segments as segments
                on steps.segment_key = segments.segment_key
            where members.cohort_anchor = 'signup' and members.is_in_rates and not steps.is_eligible
            group by segments.segment_type, segments.segment_value, steps.from_event_name
        ) as starts
            on
                transitions.segment_type = starts.segment_type
                and transitions.segment_value = starts.segment_value
                and transitions.from_event_name = starts.from_event_name
    )""",
    "milestone_dependence": f"""(
        select
            pairs.*,
            ({IN_RATES_SQL}) - (
                select count(distinct user_key) from intermediate.int_first_month_milestones
            ) as open_user_count
        from marts.milestone_dependence as pairs
    )""",
    "funnel_conversion_by_cohort": """(
        select
            funnels.*,
            funnels.entered_user_count - coalesce(entries.user_count, 0) as left_out_user_count
        from marts.funnel_conversion_by_cohort as funnels
        left join (
            select
                segments.segment_type,
                segments.segment_value,
                segments.cohort_grain,
                segments.cohort_date,
                counts.funnel_id,
                cast(sum(counts.user_count) as bigint) as user_count
            from (
                select cohort_key, funnel_id, count(*) as user_count
                from intermediate.int_funnel_attempts
                where is_in_rates
                group by cohort_key, funnel_id
            ) as counts
            inner join intermediate.int_funnel_cohorts as segments
                on counts.cohort_key = segments.cohort_key
            group by
                segments.segment_type,
                segments.segment_value,
                segments.cohort_grain,
                segments.cohort_date,
                counts.funnel_id
        ) as entries
            on
                funnels.segment_type = entries.segment_type
                and funnels.segment_value = entries.segment_value
                and funnels.cohort_grain = entries.cohort_grain
                and funnels.cohort_date = entries.cohort_date
                and funnels.funnel_id = entries.funnel_id
    )""",
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
    )""",
}


def relation(mart: str) -> str:
    """What the rows of a mart are read from, in SQL."""
    return RELATIONS.get(mart, f"marts.{mart}")
