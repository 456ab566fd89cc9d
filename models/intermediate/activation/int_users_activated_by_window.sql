{#- Within which windows did each user activate, and which windows have closed?
    The windows are those of the var activation_windows_days. -#}
{{ config(materialized='view') }}

with

members as (

    select
        user_key,
        anchored_at as signed_up_at,
        cohort_key,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

users_activated as (

    select
        user_key,
        activated_at
    from {{ ref('int_users_activated') }}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

windows as (

    {% for window_days in var('activation_windows_days') -%}
    select {{ window_days }} as window_days
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

deadlines as (

    select
        members.user_key,
        members.cohort_key,
        members.is_in_rates,
        windows.window_days,
        {{ dbt.dateadd('day', 'windows.window_days', 'members.signed_up_at') }} as deadline_at
    from members
    cross join windows

),

int_users_activated_by_window as (

    select
        deadlines.user_key,
        deadlines.cohort_key,
        deadlines.window_days,
        {{ window_has_closed('deadlines.deadline_at', 'deadlines') }} as is_window_closed,
        coalesce(users_activated.activated_at < deadlines.deadline_at, false) as is_activated
    from deadlines
    left join users_activated on deadlines.user_key = users_activated.user_key
    cross join observation

)

select *
from int_users_activated_by_window
