{#- What is each metric's value for each weekly cohort whose outcome is known?
    Read from the marts, whose numbers these are: computing them again could give others. -#}
{%- set longest_window_days = var('activation_windows_days') | max -%}
with

milestones as (

    select
        first_milestone_id,
        first_timeframe_hours,
        second_milestone_id,
        longer_timeframe_hours
    from {{ ref('int_scorecard_milestones') }}

),

windows as (

    select longest_timeframe_hours
    from {{ ref('int_longest_windows') }}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

weekly_values as (

    select
        'activation_rate' as metric_id,
        cohort_date as week_start_date,
        activation_rate as current_value,
        eligible_user_count as user_count,
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
        24 * {{ var('first_value_window_days') }} as maturity_hours
    from {{ ref('time_to_first_value_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'
    union all
    select
        'milestone_completion_rate' as metric_id,
        completions.cohort_date as week_start_date,
        completions.completion_rate as current_value,
        completions.eligible_user_count as user_count,
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
        milestones.longer_timeframe_hours as maturity_hours
    from {{ ref('milestone_completion_by_cohort') }} as completions
    inner join milestones on completions.milestone_id = milestones.second_milestone_id
    where completions.cohort_grain = 'week' and completions.segment_type = 'all'
    union all
    select
        'viral_coefficient' as metric_id,
        cohort_date as week_start_date,
        k_factor as current_value,
        cohort_user_count as user_count,
        24 * {{ var('viral_window_days') }} as maturity_hours
    from {{ ref('viral_coefficient_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'
    union all
    select
        'retention_d7' as metric_id,
        cohort_date as week_start_date,
        retention_rate as current_value,
        eligible_user_count as user_count,
        24 * 8 as maturity_hours
    from {{ ref('retention_by_cohort') }}
    where
        cohort_grain = 'week'
        and segment_type = 'all'
        and cohort_anchor = 'activation'
        and period_grain = 'day'
        and period_number = 7
    union all
    select
        'pql_conversion_rate' as metric_id,
        conversions.cohort_date as week_start_date,
        conversions.pql_conversion_rate as current_value,
        conversions.activated_user_count as user_count,
        windows.longest_timeframe_hours as maturity_hours
    from {{ ref('pql_conversion_by_cohort') }} as conversions
    cross join windows
    where conversions.cohort_grain = 'week' and conversions.segment_type = 'all'

),

int_scorecard_weeks as (

    select
        weekly_values.metric_id,
        weekly_values.week_start_date,
        weekly_values.current_value,
        weekly_values.user_count
    from weekly_values
    cross join observation
    where
        {{ dbt.dateadd(
            'hour', '168 + weekly_values.maturity_hours', 'weekly_values.week_start_date'
        ) }} <= observation.observed_until_at

)

select *
from int_scorecard_weeks
