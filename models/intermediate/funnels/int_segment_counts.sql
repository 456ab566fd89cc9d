{#- How many users of each segment could convert, and how many did, by each metric that is a rate?
    The counts are those of the marts, all cohorts together: only users whose window has closed. -#}
with

outcomes as (

    select
        'activation_rate' as metric_id,
        cast('{{ var('activation_windows_days') | max }}' as {{ dbt.type_string() }}) as item,
        user_key,
        is_activated as is_converted
    from {{ ref('int_users_activated_by_window') }}
    where is_window_closed and window_days = {{ var('activation_windows_days') | max }}
    union all
    select
        'milestone_completion_rate' as metric_id,
        milestone_id as item,
        user_key,
        is_completed as is_converted
    from {{ ref('int_milestone_outcomes') }}
    where is_closed
    union all
    select
        'funnel_conversion_rate' as metric_id,
        funnel_id as item,
        user_key,
        is_completed as is_converted
    from {{ ref('int_funnel_attempts') }}
    where is_eligible

),

counts_by_key as (

    select
        outcomes.metric_id,
        outcomes.item,
        members.segment_key,
        count(*) as user_count,
        count(case when outcomes.is_converted then 1 end) as event_count
    from outcomes
    inner join {{ ref('int_user_segments') }} as members on outcomes.user_key = members.user_key
    group by outcomes.metric_id, outcomes.item, members.segment_key

),

outcome_counts as (

    {{ spread_over_segments(
        'counts_by_key', ref('int_segments'), by=['metric_id', 'item'],
        sums=['user_count', 'event_count'],
    ) }}

),

-- Retention is counted by slice: a segment's activations of one week.
slices as (

    select distinct
        slice_key,
        segment_type,
        segment_value
    from {{ ref('int_cohort_slices') }}
    where cohort_anchor = 'activation'

),

retention_counts as (

    select
        slices.segment_type,
        slices.segment_value,
        case retention.period_number when 7 then 'day_7' else 'day_30' end as item,
        {{ sum_as_bigint('retention.eligible_user_count') }} as user_count,
        {{ sum_as_bigint('retention.retained_user_count') }} as event_count
    from {{ ref('int_retention_counts') }} as retention
    inner join slices on retention.slice_key = slices.slice_key
    where retention.period_grain = 'day' and retention.period_number in (7, 30)
    group by slices.segment_type, slices.segment_value, retention.period_number

),

int_segment_counts as (

    select
        metric_id,
        item,
        segment_type,
        segment_value,
        user_count,
        event_count
    from outcome_counts
    union all
    select
        'retention_rate' as metric_id,
        item,
        segment_type,
        segment_value,
        user_count,
        event_count
    from retention_counts

)

select *
from int_segment_counts
