{#- How did stickiness develop: on how many of the days of a month does an active user show up?
    Read: stickiness_rate is the week's daily active users over its monthly active users (sums of
    seven days, so that each week has the same weekend). days_per_month is the same as days out of
    30. change_in_four_weeks is there where both weeks have a full month behind them.
    Pitfall: the monthly window of the first weeks is still filling, which flatters them
    (month_window). A wave of signups lowers stickiness for a month: newcomers who left are in mau,
    not in dau. lowest_day and highest_day show the swing inside the week: a change within it is no
    news. -#}
with

active_users as (

    select
        activity_date,
        dau,
        wau,
        mau,
        stickiness_rate as stickiness_of_day
    from {{ ref('active_users_by_day') }}
    where segment_type = 'all'

),

dates as (

    select
        *,
        cast({{ dbt.date_trunc('week', 'activity_date') }} as date) as week_start_date,
        row_number() over (order by activity_date) as date_number
    from active_users

),

whole_weeks as (

    select
        week_start_date,
        min(date_number) as first_date_number,
        avg(cast(dau as {{ engine_type('double') }})) as average_dau,
        avg(cast(wau as {{ engine_type('double') }})) as average_wau,
        avg(cast(mau as {{ engine_type('double') }})) as average_mau,
        {{ rate('sum(dau)', 'sum(mau)') }} as stickiness_rate,
        min(stickiness_of_day) as lowest_day,
        max(stickiness_of_day) as highest_day
    from dates
    group by week_start_date
    having count(*) = 7

),

weeks_with_change as (

    select
        whole_weeks.*,
        -- The month of a date is full from the 30th date on.
        case when whole_weeks.first_date_number >= 30 then 'full' else 'filling' end
            as month_window,
        case
            when weeks_before.first_date_number >= 30
                then whole_weeks.stickiness_rate - weeks_before.stickiness_rate
        end as change_in_four_weeks
    from whole_weeks
    left join whole_weeks as weeks_before
        on
            whole_weeks.week_start_date
            = cast({{ dbt.dateadd('day', 28, 'weeks_before.week_start_date') }} as date)

),

stickiness_by_week as (

    select
        week_start_date,
        month_window,
        cast(average_dau as decimal(18, 1)) as average_dau,
        cast(average_wau as decimal(18, 1)) as average_wau,
        cast(average_mau as decimal(18, 1)) as average_mau,
        cast(stickiness_rate as decimal(9, 3)) as stickiness_rate,
        cast(30 * stickiness_rate as decimal(9, 1)) as days_per_month,
        cast(lowest_day as decimal(9, 3)) as lowest_day,
        cast(highest_day as decimal(9, 3)) as highest_day,
        cast(change_in_four_weeks as decimal(9, 3)) as change_in_four_weeks
    from weeks_with_change

)

select *
from stickiness_by_week
order by week_start_date
