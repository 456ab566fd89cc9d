{#- How does each metric stand against its target, its last week and the benchmark?
    One row for each week of signups (retention: of activations) whose outcome is known. The one mart
    that reads marts: its numbers are theirs, and must not be computed twice. -#}
with

activation as (

    select cohort_date, activation_rate as current_value
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'week' and segment_type = 'all'
        and window_days = {{ var('activation_windows_days') | max }}

),

first_value as (

    select cohort_date, median_time_to_first_value_seconds / 86400 as current_value
    from {{ ref('time_to_first_value_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

completion as (

    select cohort_date, milestone_id, completion_rate, conversion_from_previous_rate
    from {{ ref('milestone_completion_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

velocity as (

    select
        cohort_date, from_milestone_id, to_milestone_id, median_seconds / 86400 as current_value
    from {{ ref('milestone_velocity_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

referral as (

    select cohort_date, k_factor as current_value
    from {{ ref('viral_coefficient_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

retention as (

    select cohort_date, retention_rate as current_value
    from {{ ref('retention_by_cohort') }}
    where
        cohort_grain = 'week' and segment_type = 'all'
        and cohort_anchor = 'activation' and period_grain = 'day' and period_number = 7

),

qualification as (

    select cohort_date, pql_conversion_rate as current_value
    from {{ ref('pql_conversion_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

milestones as (

    select
        first_milestone_id, first_timeframe_hours, second_milestone_id, longer_timeframe_hours
    from {{ ref('int_scorecard_milestones') }}

),

windows as (

    select longest_timeframe_hours
    from {{ ref('int_milestone_windows') }}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

targets as (

    select metric_id, metric_name, unit, is_higher_better, target_value, tolerance
    from {{ ref('stg_kpi_targets') }}

),

benchmarks as (

    select metric_id, low as benchmark_low, high as benchmark_high
    from {{ ref('benchmarks') }}
    where
        category = '{{ var("benchmark_category") }}'
        and segment = '{{ var("benchmark_segment") }}'

),

weekly_values as (

    select
        'activation_rate' as metric_id, cohort_date as week_start_date, current_value,
        24 * {{ var('activation_windows_days') | max }} as maturity_hours
    from activation
    union all
    select
        'time_to_first_value' as metric_id, cohort_date as week_start_date, current_value,
        24 * {{ var('first_value_window_days') }} as maturity_hours
    from first_value
    union all
    select
        'milestone_completion_rate' as metric_id, completion.cohort_date as week_start_date,
        completion.completion_rate as current_value,
        milestones.first_timeframe_hours as maturity_hours
    from completion
    inner join milestones on completion.milestone_id = milestones.first_milestone_id
    union all
    select
        'milestone_velocity' as metric_id, velocity.cohort_date as week_start_date,
        velocity.current_value,
        milestones.first_timeframe_hours + 24 * {{ var('velocity_window_days') }} as maturity_hours
    from velocity
    inner join milestones
        on
            velocity.from_milestone_id = milestones.first_milestone_id
            and velocity.to_milestone_id = milestones.second_milestone_id
    union all
    select
        'milestone_cohort_conversion' as metric_id, completion.cohort_date as week_start_date,
        completion.conversion_from_previous_rate as current_value,
        milestones.longer_timeframe_hours as maturity_hours
    from completion
    inner join milestones on completion.milestone_id = milestones.second_milestone_id
    union all
    select
        'viral_coefficient' as metric_id, cohort_date as week_start_date, current_value,
        24 * {{ var('viral_window_days') }} as maturity_hours
    from referral
    union all
    select
        'retention_d7' as metric_id, cohort_date as week_start_date, current_value,
        24 * 8 as maturity_hours
    from retention
    union all
    select
        'pql_conversion_rate' as metric_id, qualification.cohort_date as week_start_date,
        qualification.current_value, windows.longest_timeframe_hours as maturity_hours
    from qualification
    cross join windows

),

closed_weeks as (

    select
        weekly_values.metric_id,
        weekly_values.week_start_date,
        weekly_values.current_value,
        max(weekly_values.week_start_date) over (partition by weekly_values.metric_id)
            as latest_week_start_date
    from weekly_values
    cross join observation
    where
        {{ dbt.dateadd('hour', '7 * 24 + weekly_values.maturity_hours', 'cast(weekly_values.week_start_date as timestamp)') }}
        <= observation.observed_until_at

),

changes as (

    select
        closed_weeks.metric_id,
        closed_weeks.week_start_date,
        closed_weeks.week_start_date = closed_weeks.latest_week_start_date as is_latest,
        closed_weeks.current_value,
        weeks_before.current_value as previous_value,
        closed_weeks.current_value - weeks_before.current_value as week_over_week_change
    from closed_weeks
    left join closed_weeks as weeks_before
        on
            closed_weeks.metric_id = weeks_before.metric_id
            and closed_weeks.week_start_date
            = {{ dbt.dateadd('day', 7, 'weeks_before.week_start_date') }}

),

kpi_scorecard as (

    select
        changes.metric_id,
        changes.week_start_date,
        targets.metric_name,
        targets.unit,
        changes.is_latest,
        changes.current_value,
        changes.previous_value,
        changes.week_over_week_change,
        targets.target_value,
        {{ kpi_status(
            'changes.current_value', 'changes.week_over_week_change', 'targets.target_value',
            'targets.tolerance', 'targets.is_higher_better'
        ) }} as status,
        benchmarks.benchmark_low,
        benchmarks.benchmark_high,
        case
            when changes.current_value < benchmarks.benchmark_low then 'below'
            when changes.current_value > benchmarks.benchmark_high then 'above'
            when
                changes.current_value >= benchmarks.benchmark_low
                and changes.current_value <= benchmarks.benchmark_high
                then 'within'
        end as benchmark_position
    from changes
    left join targets on changes.metric_id = targets.metric_id
    left join benchmarks on changes.metric_id = benchmarks.metric_id

)

select *
from kpi_scorecard
