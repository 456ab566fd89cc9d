{#- On which dates does each activity of a user count as active in the week, and in the month?
    An activity counts on its own date and the next 6 (29), or until the user's next activity, if that is
    earlier. So each user counts once a date, and a sum of entries and exits replaces a distinct count
    over overlapping windows. -#}
{{ config(materialized='view') }}

with

active_days as (

    select
        user_key,
        activity_date,
        -- The last activity has no next one.
        coalesce(next_active_date, cast('9999-12-31' as date)) as next_active_date
    from {{ ref('int_active_days') }}
    where activity_date is not null

),

users as (

    select
        user_key,
        segment_key
    from {{ ref('int_user_segments') }}

),

int_activity_spans as (

    select
        active_days.user_key,
        users.segment_key,
        active_days.activity_date,
        least(
            cast({{ dbt.dateadd('day', 7, 'active_days.activity_date') }} as date),
            active_days.next_active_date
        ) as weekly_exit_date,
        least(
            cast({{ dbt.dateadd('day', 30, 'active_days.activity_date') }} as date),
            active_days.next_active_date
        ) as monthly_exit_date
    from active_days
    inner join users on active_days.user_key = users.user_key

)

select *
from int_activity_spans
