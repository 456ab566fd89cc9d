{#- How does each metric compare with its target, its last week and the benchmark?
    One row for each week of signups (retention: of activations) whose outcome is known. -#}
with

changes as (

    select
        metric_id,
        week_start_date,
        is_latest,
        is_measured,
        has_counts,
        current_value,
        current_value_ci_lower,
        current_value_ci_upper,
        previous_value,
        week_over_week_change,
        user_count,
        change_p_value,
        is_within_noise
    from {{ ref('int_scorecard_changes') }}

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

registered as (

    select
        metric_id,
        layer,
        indicator_type,
        owner
    from {{ ref('metric_registry') }}

),

kpi_scorecard as (

    select
        changes.metric_id,
        changes.week_start_date,
        targets.metric_name,
        targets.unit,
        registered.layer,
        registered.indicator_type,
        registered.owner,
        changes.is_latest,
        changes.current_value,
        changes.previous_value,
        changes.week_over_week_change,
        changes.user_count,
        changes.current_value_ci_lower,
        changes.current_value_ci_upper,
        changes.change_p_value,
        targets.target_value,
        benchmarks.benchmark_low,
        benchmarks.benchmark_high,
        {{ kpi_status(
            'changes.current_value', 'changes.week_over_week_change', 'targets.target_value',
            'targets.tolerance', 'targets.is_higher_better',
            'changes.is_measured', 'changes.has_counts', 'changes.is_within_noise'
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
    left join registered on changes.metric_id = registered.metric_id

)

select *
from kpi_scorecard
