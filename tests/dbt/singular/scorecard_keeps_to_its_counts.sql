{#- The scorecard agrees with itself: a change is between neighbouring weeks, a p-value has a change
    and enough users, and a rate has an interval wherever it has a value. -#}
with

scorecard as (

    select
        metric_id,
        week_start_date,
        current_value,
        current_value_ci_lower,
        previous_value,
        week_over_week_change,
        user_count,
        change_p_value,
        status
    from {{ ref('kpi_scorecard') }}

),

metrics as (

    select
        metric_id,
        count(change_p_value) as p_value_count,
        count(current_value_ci_lower) as interval_count,
        count(current_value) as value_count
    from scorecard
    group by metric_id

)

select
    scorecard.metric_id,
    scorecard.week_start_date
from scorecard
inner join metrics on scorecard.metric_id = metrics.metric_id
left join scorecard as weeks_before
    on
        scorecard.metric_id = weeks_before.metric_id
        and scorecard.week_start_date
        = cast({{ dbt.dateadd('day', 7, 'weeks_before.week_start_date') }} as date)
where
    {{ is_distinct('scorecard.previous_value', 'weeks_before.current_value') }}
    or {{ is_distinct(
        'scorecard.week_over_week_change', 'scorecard.current_value - scorecard.previous_value'
    ) }}
    or (scorecard.user_count = 0 and scorecard.current_value is not null)
    or (
        scorecard.change_p_value is not null
        and (
            scorecard.week_over_week_change is null
            or scorecard.status = 'not_enough_data'
            or scorecard.user_count < {{ var('minimum_group_users') }}
            or weeks_before.user_count < {{ var('minimum_group_users') }}
        )
    )
    or (scorecard.status = 'not_enough_data' and scorecard.week_over_week_change is null)
    or (scorecard.status = 'not_measured' and scorecard.current_value is not null)
    or (metrics.interval_count not in (0, metrics.value_count))
    or (metrics.interval_count = 0 and metrics.p_value_count > 0)
