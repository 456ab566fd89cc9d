{#- Which metrics of the scorecard need attention, and is the last move more than noise?
    Read: the worst status comes first. reading judges the change of a rate by its p-value: how often
    chance alone would move it at least as far. Where there is none, it takes usual_change, the
    average size of the weekly change over the eight weeks before: a change up to twice that is an
    everyday wobble; chance alone exceeds it about one time in nine. missing_to_target is the
    distance to the target, empty where it is met.
    Pitfall: each metric has its own newest closed week: the shipped activation rate, within 30
    days, is at least five weeks old. Benchmarks are reported by reference material and unverified.
    Higher is better, except for metrics in days. -#}
with

scorecard as (

    select
        metric_id,
        metric_name,
        unit,
        week_start_date,
        is_latest,
        current_value,
        previous_value,
        week_over_week_change,
        change_p_value,
        user_count,
        target_value,
        status,
        benchmark_low,
        benchmark_high,
        benchmark_position
    from {{ ref('kpi_scorecard') }}

),

changes as (

    select
        *,
        avg(abs(week_over_week_change)) over (
            partition by metric_id order by week_start_date
            rows between 8 preceding and 1 preceding
        ) as usual_change
    from scorecard

),

metrics_that_need_attention as (

    select
        unit,
        week_start_date as newest_closed_week,
        status,
        user_count,
        cast(change_p_value as decimal(18, 3)) as change_p_value,
        cast(current_value as decimal(18, 3)) as current_value,
        cast(previous_value as decimal(18, 3)) as previous_value,
        cast(week_over_week_change as decimal(18, 3)) as week_over_week_change,
        cast(usual_change as decimal(18, 3)) as usual_change,
        cast(target_value as decimal(18, 3)) as target_value,
        cast(benchmark_low as decimal(18, 3)) as unverified_benchmark_low,
        cast(benchmark_high as decimal(18, 3)) as unverified_benchmark_high,
        benchmark_position as unverified_benchmark_position,
        cast(
            case when status <> 'met' then abs(target_value - current_value) end as decimal(18, 3)
        ) as missing_to_target,
        coalesce(metric_name, metric_id) as metric,
        case
            when status = 'not_measured' then 'not measured'
            when change_p_value >= {{ var('significance_level') }} then 'within noise'
            when change_p_value is not null then 'more than noise'
            when week_over_week_change is null or usual_change is null
                then 'nothing to compare with'
            when abs(week_over_week_change) > 2 * usual_change then 'an unusual move'
            else 'everyday wobble'
        end as reading,
        case status
            when 'needs_attention' then 1
            when 'stable' then 2
            when 'improving' then 3
            when 'on_track' then 4
            when 'met' then 5
            else 6
        end as status_order
    from changes
    where is_latest

)

select
    metric,
    unit,
    newest_closed_week,
    status,
    user_count,
    current_value,
    previous_value,
    week_over_week_change,
    change_p_value,
    usual_change,
    reading,
    target_value,
    missing_to_target,
    unverified_benchmark_low,
    unverified_benchmark_high,
    unverified_benchmark_position
from metrics_that_need_attention
order by status_order, metric
