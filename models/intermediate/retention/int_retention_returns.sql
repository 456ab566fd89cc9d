{#- How many members were active in each period since the anchor?
    A period counts for a member once its last day has ended. An active day counts for those of its periods
    in which the member was not active before: so each member counts once in a period, in one pass over
    active days. -#}
with

members as (

    select
        members.user_key,
        members.cohort_key,
        members.anchor_date,
        {{ closed_day_count() }} as closed_day_count
    from {{ ref('int_cohort_members') }} as members
    cross join {{ ref('int_observation') }} as observation

),

periods as (

    select
        period_grain,
        period_number,
        period_start_day,
        period_end_day
    from {{ ref('int_retention_periods') }}

),

days as (

    {{ numbers(last_retention_day(), 'day_number') }}

),

period_days as (

    select
        days.day_number,
        periods.period_grain,
        periods.period_number,
        periods.period_start_day,
        periods.period_end_day
    from periods
    inner join days
        on
            periods.period_start_day <= days.day_number
            and periods.period_end_day >= days.day_number

),

active_days as (

    select
        members.cohort_key,
        members.closed_day_count,
        {{ days_between('members.anchor_date', 'active_days.activity_date') }} as day_number,
        {{ days_between('members.anchor_date', 'active_days.previous_active_date') }}
            as previous_day_number
    from members
    inner join {{ ref('int_active_days') }} as active_days
        on members.user_key = active_days.user_key

),

int_retention_returns as (

    select
        active_days.cohort_key,
        period_days.period_grain,
        period_days.period_number,
        count(*) as retained_user_count
    from active_days
    inner join period_days on active_days.day_number = period_days.day_number
    where
        period_days.period_end_day < active_days.closed_day_count
        and coalesce(active_days.previous_day_number < period_days.period_start_day, true)
    group by active_days.cohort_key, period_days.period_grain, period_days.period_number

)

select *
from int_retention_returns
