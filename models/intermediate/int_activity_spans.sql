{#- On which dates does each activity of a user count as active in the week, and in the month?
    A date of activity counts for itself and the 6 (29) that follow, or until the user's next one,
    whichever comes first: each user counts once a date. So a sum of entries and exits replaces a
    distinct count over overlapping windows. -#}
{{ config(materialized='view') }}

with

active_days as (

    select
        user_id,
        activity_date
    from {{ ref('int_user_days') }}
    where is_active

),

users as (

    select
        user_id,
        segment_key
    from {{ ref('int_users') }}

),

following_days as (

    select
        user_id,
        activity_date,
        -- Nothing takes over from the last activity.
        lead(activity_date, 1, cast('9999-12-31' as date)) over (
            partition by user_id order by activity_date
        ) as next_activity_date
    from active_days

),

int_activity_spans as (

    select
        following_days.user_id,
        users.segment_key,
        following_days.activity_date,
        cast(least(
            {{ dbt.dateadd('day', 7, 'following_days.activity_date') }},
            following_days.next_activity_date
        ) as date) as weekly_exit_date,
        cast(least(
            {{ dbt.dateadd('day', 30, 'following_days.activity_date') }},
            following_days.next_activity_date
        ) as date) as monthly_exit_date
    from following_days
    inner join users on following_days.user_id = users.user_id

)

select *
from int_activity_spans
