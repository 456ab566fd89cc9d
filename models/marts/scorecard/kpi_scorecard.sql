{#- How does each metric compare with its target, its last week and the benchmark?
    One row for each week of signups (retention: of activations) whose outcome is known. -#}
with

weeks as (

    select
        metric_id,
        week_start_date,
        current_value,
        max(week_start_date) over (partition by metric_id) = week_start_date as is_latest
    from {{ ref('int_scorecard_weeks') }}

),

targets as (

    select
        metric_id,
        metric_name,
        unit,
        is_higher_better,
        target_value,
        tolerance
    from {{ ref('stg_kpi_targets') }}

),

benchmarks as (

    select
        metric_id,
        low as benchmark_low,
        high as benchmark_high
    from {{ ref('benchmarks') }}
    where
        category = '{{ var("benchmark_category") }}'
        and segment = '{{ var("benchmark_segment") }}'

),

changes as (

    select
        weeks.metric_id,
        weeks.week_start_date,
        weeks.is_latest,
        weeks.current_value,
        weeks_before.current_value as previous_value,
        weeks.current_value - weeks_before.current_value as week_over_week_change
    from weeks
    left join weeks as weeks_before
        on
            weeks.metric_id = weeks_before.metric_id
            and weeks.week_start_date
            = cast({{ dbt.dateadd('day', 7, 'weeks_before.week_start_date') }} as date)

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
        benchmarks.benchmark_low,
        benchmarks.benchmark_high,
        {{ kpi_status(
            'changes.current_value', 'changes.week_over_week_change', 'targets.target_value',
            'targets.tolerance', 'targets.is_higher_better'
        ) }} as status,
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
