{#- In which weeks was each user active, and what about the weeks around them?
    Weeks that have not ended are left out: they would look like churn. -#}
{{ config(materialized='view') }}

with

active_days as (

    select
        user_id,
        cast({{ dbt.date_trunc('week', 'activity_date') }} as date) as week_start_date
    from {{ ref('int_user_days') }}
    where is_active

),

users as (

    select
        user_id,
        segment_key
    from {{ ref('int_users') }}

),

observation as (

    select observed_until_date
    from {{ ref('int_observation') }}

),

active_weeks as (

    select distinct
        active_days.user_id,
        active_days.week_start_date
    from active_days
    cross join observation
    where
        {{ dbt.dateadd('day', 7, 'active_days.week_start_date') }}
        <= observation.observed_until_date

),

neighbouring_weeks as (

    select
        user_id,
        week_start_date,
        cast({{ dbt.dateadd('day', 7, 'week_start_date') }} as date) as next_week_start_date,
        lag(week_start_date) over (partition by user_id order by week_start_date)
            as previous_active_week_date,
        lead(week_start_date) over (partition by user_id order by week_start_date)
            as next_active_week_date
    from active_weeks

),

int_user_weeks as (

    select
        neighbouring_weeks.user_id,
        users.segment_key,
        neighbouring_weeks.week_start_date,
        neighbouring_weeks.next_week_start_date,
        case
            when neighbouring_weeks.previous_active_week_date is null then 'new'
            when
                {{ dbt.dateadd('day', 7, 'neighbouring_weeks.previous_active_week_date') }}
                = neighbouring_weeks.week_start_date
                then 'retained'
            else 'resurrected'
        end as arrival,
        coalesce(
            neighbouring_weeks.next_active_week_date > neighbouring_weeks.next_week_start_date,
            true
        ) as is_followed_by_churn
    from neighbouring_weeks
    inner join users on neighbouring_weeks.user_id = users.user_id

)

select *
from int_user_weeks
