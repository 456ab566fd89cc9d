{#- How many users could get to each milestone of a playbook, and how many did so in time?
    With as many events before the deadline as are asked for, the one that counts lies before it, too.

    Longer than 110 lines: users are first reduced to those whose timeframe has closed, once for all counts. -#}
with

kpis as (

    select
        playbook_id,
        kpi_id,
        triggered_by_event,
        min_count,
        timeframe_hours,
        coalesce(segment_type, 'all') as segment_type,
        coalesce(segment_value, 'all') as segment_value
    from {{ ref('stg_playbooks') }}
    where kpi_type = 'milestone'

),

timeframes as (

    select distinct timeframe_hours
    from kpis

),

-- A row for each timeframe: playbooks share a few of them.
closed_users as (

    select
        members.user_key,
        members.segment_key,
        timeframes.timeframe_hours,
        {{ dbt.dateadd('hour', 'timeframes.timeframe_hours', 'members.anchored_at') }}
            as deadline_at
    from {{ ref('int_cohort_members') }} as members
    cross join timeframes
    cross join {{ ref('int_observation') }} as observation
    where
        members.cohort_anchor = 'signup'
        and {{ window_has_closed(dbt.dateadd(
            'hour', 'timeframes.timeframe_hours', 'members.anchored_at'
        )) }}

),

eligible_counts as (

    select
        kpis.playbook_id,
        kpis.kpi_id,
        count(*) as eligible_user_count
    from closed_users as members
    inner join {{ ref('int_segments') }} as segments on members.segment_key = segments.segment_key
    inner join kpis
        on
            members.timeframe_hours = kpis.timeframe_hours
            and segments.segment_type = kpis.segment_type
            and segments.segment_value = kpis.segment_value
    group by kpis.playbook_id, kpis.kpi_id

),

achieved_users as (

    select
        kpis.playbook_id,
        kpis.kpi_id,
        kpis.segment_type,
        kpis.segment_value,
        members.user_key,
        members.segment_key
    from {{ ref('int_defined_events') }} as events
    inner join kpis on events.event_name = kpis.triggered_by_event
    inner join closed_users as members
        on events.user_key = members.user_key and kpis.timeframe_hours = members.timeframe_hours
    where events.occurred_at < members.deadline_at
    group by
        kpis.playbook_id,
        kpis.kpi_id,
        kpis.segment_type,
        kpis.segment_value,
        kpis.min_count,
        members.user_key,
        members.segment_key
    having count(*) >= kpis.min_count

),

achieved_counts as (

    select
        members.playbook_id,
        members.kpi_id,
        count(*) as achieved_user_count
    from achieved_users as members
    inner join {{ ref('int_segments') }} as segments
        on
            members.segment_key = segments.segment_key
            and members.segment_type = segments.segment_type
            and members.segment_value = segments.segment_value
    group by members.playbook_id, members.kpi_id

),

int_playbook_milestones as (

    select
        eligible.playbook_id,
        eligible.kpi_id,
        eligible.eligible_user_count,
        coalesce(achieved.achieved_user_count, 0) as achieved_user_count
    from eligible_counts as eligible
    left join achieved_counts as achieved
        on eligible.playbook_id = achieved.playbook_id and eligible.kpi_id = achieved.kpi_id

)

select *
from int_playbook_milestones
