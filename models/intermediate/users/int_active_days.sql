{#- When was each user active, when before, and when again?
    A later build reads again all dates of the users with a date that changed. -#}
{{ config(materialized='incremental', unique_key='user_key') }}

with

{% if is_incremental() -%}
touched_users as (

    select distinct user_key
    from {{ ref('int_user_days') }}
    where row_version > {{ watermark('user_day_version') }}

),

{% endif -%}
active_days as (

    select
        user_key,
        activity_date
    from {{ ref('int_user_days') }}
    where
        {% if is_incremental() -%}
        user_key in (select touched_users.user_key from touched_users)
        and {% endif -%}
        is_active
    {% if is_incremental() -%}
    union all
    -- A user who has no active date left keeps one row, without a date.
    select
        touched_users.user_key,
        cast(null as date) as activity_date
    from touched_users
    left join {{ ref('int_user_days') }} as user_days
        on touched_users.user_key = user_days.user_key and user_days.is_active
    where user_days.user_key is null
    {%- endif %}

),

int_active_days as (

    select
        user_key,
        activity_date,
        lag(activity_date) over (partition by user_key order by activity_date)
            as previous_active_date,
        lead(activity_date) over (partition by user_key order by activity_date)
            as next_active_date,
        {{ latest_version(ref('int_user_days')) }} as user_day_version,
        {{ next_version() }} as row_version
    from active_days

)

select *
from int_active_days
