{#- How did each metric move since the week before, and would chance alone move it as far?
    A rate has counts: so it has an interval, and a p-value of its change. -#}
with

weeks as (

    select
        metric_id,
        week_start_date,
        is_measured,
        current_value,
        user_count,
        achieved_user_count
    from {{ ref('int_scorecard_weeks') }}

),

changes as (

    select
        weeks.metric_id,
        weeks.week_start_date,
        weeks.is_measured,
        weeks.current_value,
        weeks_before.current_value as previous_value,
        weeks.current_value - weeks_before.current_value as week_over_week_change,
        weeks.user_count,
        weeks.achieved_user_count,
        max(weeks.week_start_date) over (partition by weeks.metric_id) as latest_date,
        sqrt(
            {{ chi_square_of_two_rates(
                'weeks.achieved_user_count', 'weeks.user_count',
                'weeks_before.achieved_user_count', 'weeks_before.user_count'
            ) }} / 2
        ) as root_of_half_chi_square
    from weeks
    left join weeks as weeks_before
        on
            weeks.metric_id = weeks_before.metric_id
            and weeks.week_start_date
            = cast({{ dbt.dateadd('day', 7, 'weeks_before.week_start_date') }} as date)

),

tested_changes as (

    select
        metric_id,
        week_start_date,
        week_start_date = latest_date as is_latest,
        is_measured,
        achieved_user_count is not null as has_counts,
        current_value,
        {{ wilson_interval('achieved_user_count', 'user_count', 'current_value') }},
        previous_value,
        week_over_week_change,
        user_count,
        {{ erfc('root_of_half_chi_square') }} as change_p_value
    from changes

),

int_scorecard_changes as (

    select
        *,
        change_p_value >= {{ var('significance_level') }} as is_within_noise
    from tested_changes

)

select *
from int_scorecard_changes
