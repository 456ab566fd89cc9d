{#- In which days and weeks since signup, and since activation, was each user active?
    Day n is the date anchor_date + n, week n the seven dates from anchor_date + 7n on. -#}
{%- set last_day_number = [var('retention_days'), 7 * var('retention_weeks') + 6] | max %}
{{ config(materialized='view') }}

with

members as (

    select
        user_id,
        cohort_anchor,
        cohort_key,
        anchor_date
    from {{ ref('int_cohort_members') }}

),

active_days as (

    select
        user_id,
        activity_date
    from {{ ref('int_user_days') }}
    where is_active

),

days_since_anchor as (

    select
        members.user_id,
        members.cohort_key,
        members.anchor_date,
        {{ days_between('members.anchor_date', 'active_days.activity_date') }} as day_number
    from members
    inner join active_days
        on
            members.user_id = active_days.user_id
            and members.anchor_date <= active_days.activity_date
            and {{ dbt.dateadd('day', last_day_number, 'members.anchor_date') }}
            >= active_days.activity_date

),

int_users_retained as (

    select
        user_id,
        cohort_key,
        anchor_date,
        'day' as period_grain,
        day_number as period_number
    from days_since_anchor
    where day_number <= {{ var('retention_days') }}
    union all
    select distinct
        user_id,
        cohort_key,
        anchor_date,
        'week' as period_grain,
        cast(floor(day_number / 7.0) as integer) as period_number
    from days_since_anchor
    where day_number < 7 * ({{ var('retention_weeks') }} + 1)

)

select *
from int_users_retained
