{#- How many users does each KPI of a playbook look at, and how many of them got there? -#}
with

kpis as (

    select
        playbook_id,
        kpi_id,
        kpi_type,
        timeframe_hours,
        period_grain,
        period_number,
        coalesce(segment_type, 'all') as segment_type,
        coalesce(segment_value, 'all') as segment_value
    from {{ ref('stg_playbooks') }}

),

retention_counts as (

    select
        kpis.playbook_id,
        kpis.kpi_id,
        {{ sum_as_bigint('counts.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('counts.retained_user_count') }} as achieved_user_count
    from {{ ref('int_retention_counts') }} as counts
    inner join {{ ref('int_slice_cohorts') }} as cohorts on counts.slice_key = cohorts.slice_key
    inner join kpis
        on
            counts.period_grain = kpis.period_grain
            and counts.period_number = kpis.period_number
            and cohorts.segment_type = kpis.segment_type
            and cohorts.segment_value = kpis.segment_value
    where
        kpis.kpi_type = 'retention'
        and cohorts.cohort_anchor = 'signup'
        and cohorts.cohort_grain = 'all'
    group by kpis.playbook_id, kpis.kpi_id

),

conversion_users as (

    select
        kpis.playbook_id,
        kpis.kpi_id,
        units.is_in_rates,
        units.converted_at,
        {{ dbt.dateadd('hour', 'kpis.timeframe_hours', 'units.started_at') }} as deadline_at
    from {{ ref('int_pql_units') }} as units
    inner join {{ ref('int_unit_segments') }} as segments
        on units.segment_key = segments.segment_key
    inner join kpis
        on
            segments.segment_type = kpis.segment_type
            and segments.segment_value = kpis.segment_value
    where
        units.unit_type = 'user'
        and kpis.kpi_type = 'conversion'
        and units.is_conversion_known
        and coalesce(units.converted_at > units.started_at, true)

),

conversion_counts as (

    select
        members.playbook_id,
        members.kpi_id,
        count(*) as eligible_user_count,
        count(case when members.converted_at < members.deadline_at then 1 end)
            as achieved_user_count
    from conversion_users as members
    cross join {{ ref('int_observation') }} as observation
    where {{ window_has_closed('members.deadline_at') }}
    group by members.playbook_id, members.kpi_id

),

int_playbook_counts as (

    select
        playbook_id,
        kpi_id,
        eligible_user_count,
        achieved_user_count
    from {{ ref('int_playbook_milestones') }}
    union all
    select
        playbook_id,
        kpi_id,
        eligible_user_count,
        achieved_user_count
    from retention_counts
    union all
    select
        playbook_id,
        kpi_id,
        eligible_user_count,
        achieved_user_count
    from conversion_counts

)

select *
from int_playbook_counts
