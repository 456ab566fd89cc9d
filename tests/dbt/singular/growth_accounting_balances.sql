{#- The active users of a week are those retained in the next week plus those churned in it. They
    are also the weekly active users of the week's Sunday, which active_users_by_day computes on its own. -#}
with

weeks as (

    select
        week_start_date,
        segment_type,
        segment_value,
        active_user_count,
        lead(retained_user_count + churned_user_count) over (
            partition by segment_type, segment_value order by week_start_date
        ) as accounted_next_week_count
    from {{ ref('growth_accounting_by_week') }}

),

sundays as (

    select
        segment_type,
        segment_value,
        wau,
        cast({{ dbt.dateadd('day', -6, 'activity_date') }} as date) as week_start_date
    from {{ ref('active_users_by_day') }}

)

select
    weeks.*,
    sundays.wau
from weeks
left join sundays
    on
        weeks.week_start_date = sundays.week_start_date
        and weeks.segment_type = sundays.segment_type
        and weeks.segment_value = sundays.segment_value
where
    weeks.active_user_count <> weeks.accounted_next_week_count
    or weeks.active_user_count <> coalesce(sundays.wau, -1)
