{#- What is the value of each activation metric of the scorecard for each weekly cohort?
    Read from the marts, so that the scorecard and the marts show the same numbers. -#}
{{ config(materialized='view') }}
{%- set longest_window_days = var('activation_windows_days') | max %}

with

milestones as (

    select
        first_milestone_id,
        first_timeframe_hours,
        second_milestone_id,
        longer_timeframe_hours
    from {{ ref('int_scorecard_milestones') }}

),

int_activation_kpi_weeks as (

    select
        'activation_rate' as metric_id,
        cohort_date as week_start_date,
        activation_rate as current_value,
        eligible_user_count as user_count,
        activated_user_count as achieved_user_count,
        24 * {{ longest_window_days }} as maturity_hours
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'week'
        and segment_type = 'all'
        and window_days = {{ longest_window_days }}
    union all
    select
        'time_to_first_value' as metric_id,
        cohort_date as week_start_date,
        median_time_to_first_value_seconds / 86400 as current_value,
        reached_user_count as user_count,
        cast(null as bigint) as achieved_user_count,
        24 * {{ var('first_value_window_days') }} as maturity_hours
    from {{ ref('time_to_first_value_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'
    union all
    select
        'milestone_completion_rate' as metric_id,
        completions.cohort_date as week_start_date,
        completions.completion_rate as current_value,
        completions.eligible_user_count as user_count,
        completions.completed_user_count as achieved_user_count,
        milestones.first_timeframe_hours as maturity_hours
    from {{ ref('milestone_completion_by_cohort') }} as completions
    inner join milestones on completions.milestone_id = milestones.first_milestone_id
    where completions.cohort_grain = 'week' and completions.segment_type = 'all'
    union all
    select
        'milestone_velocity' as metric_id,
        velocities.cohort_date as week_start_date,
        velocities.median_seconds / 86400 as current_value,
        velocities.progressed_user_count as user_count,
        cast(null as bigint) as achieved_user_count,
        milestones.first_timeframe_hours + 24 * {{ var('velocity_window_days') }} as maturity_hours
    from {{ ref('milestone_velocity_by_cohort') }} as velocities
    inner join milestones
        on
            velocities.from_milestone_id = milestones.first_milestone_id
            and velocities.to_milestone_id = milestones.second_milestone_id
    where velocities.cohort_grain = 'week' and velocities.segment_type = 'all'
    union all
    select
        'milestone_cohort_conversion' as metric_id,
        completions.cohort_date as week_start_date,
        completions.conversion_from_previous_rate as current_value,
        completions.previous_completed_user_count as user_count,
        completions.completed_both_user_count as achieved_user_count,
        milestones.longer_timeframe_hours as maturity_hours
    from {{ ref('milestone_completion_by_cohort') }} as completions
    inner join milestones on completions.milestone_id = milestones.second_milestone_id
    where completions.cohort_grain = 'week' and completions.segment_type = 'all'

)

select *
from int_activation_kpi_weeks
