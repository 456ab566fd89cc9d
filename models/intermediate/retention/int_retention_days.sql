{#- How many members were active on each day since the anchor, and for how many was it the first
    time in the week since the anchor?
    Day n is the date anchor_date + n; week n is the seven dates from anchor_date + 7n on. Only days and
    weeks that have ended count, because nobody is eligible for the others. -#}
{%- set last_day_number = [var('retention_days'), 7 * var('retention_weeks') + 6] | max %}
with

members as (

    select
        user_key,
        cohort_key,
        anchor_date
    from {{ ref('int_cohort_members') }}

),

active_days as (

    select
        user_key,
        activity_date,
        previous_active_date
    from {{ ref('int_active_days') }}

),

observation as (

    select observed_until_date
    from {{ ref('int_observation') }}

),

days_since_anchor as (

    select
        members.cohort_key,
        {{ days_between('members.anchor_date', 'observation.observed_until_date') }}
            as observed_days,
        {{ days_between('members.anchor_date', 'active_days.activity_date') }} as day_number,
        {{ days_between('members.anchor_date', 'active_days.previous_active_date') }}
            as previous_day_number
    from members
    inner join active_days
        on
            members.user_key = active_days.user_key
            and members.anchor_date <= active_days.activity_date
            and cast({{ dbt.dateadd('day', last_day_number, 'members.anchor_date') }} as date)
            >= active_days.activity_date
    cross join observation

),

weeks_since_anchor as (

    select
        *,
        7 * cast(floor(day_number / 7.0) as bigint) as week_start_number
    from days_since_anchor

),

int_retention_days as (

    select
        cohort_key,
        day_number,
        count(case when day_number < observed_days then 1 end) as user_count,
        count(
            case
                when
                    week_start_number + 6 < observed_days
                    and (previous_day_number is null or previous_day_number < week_start_number)
                    then 1
            end
        ) as first_of_week_count
    from weeks_since_anchor
    group by cohort_key, day_number

)

select *
from int_retention_days
