{#- Who are our users, how far has each come, and what comes next?
    The place to look a person up, and to join one's own columns to. -#}
{{ config(pre_hook="{{ add_segment_columns(ref('segments')) }}") }}
{%- set types = segment_rows(ref('segments')) -%}
{%- set own_columns = ['install_source', 'plan_tier'] -%}
with

signed_up_users as (

    select
        user_key,
        user_id,
        account_id,
        signed_up_at,
        plan_tier,
        install_source,
        invited_by
    from {{ ref('int_users') }}

),

segments as (

    select *
    from {{ ref('int_user_segments') }}

),

users_activated as (

    select
        user_key,
        activated_at
    from {{ ref('int_users_activated') }}

),

activity as (

    select
        user_key,
        min(activity_date) as first_active_date,
        max(activity_date) as last_active_date,
        count(activity_date) as active_day_count
    from {{ ref('int_active_days') }}
    group by user_key

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

windows as (

    select activation_window_hours
    from {{ ref('int_longest_windows') }}

),

users as (

    select
        signed_up_users.user_id,
        signed_up_users.account_id,
        signed_up_users.signed_up_at,
        segments.acquisition_type,
        {% for column in own_columns -%}
        {%- set type = types | selectattr('segment_type', 'equalto', column) | first -%}
        {%- if type -%}
        segments.segment_{{ type.slot }}
        {%- else -%}
        coalesce(signed_up_users.{{ column }}, 'unknown')
        {%- endif %} as {{ column }},
        {% endfor -%}
        {% for type in types | rejectattr('segment_type', 'in', own_columns) -%}
        segments.segment_{{ type.slot }} as {{ quoted_column(type.segment_type) }},
        {% endfor -%}
        signed_up_users.invited_by,
        users_activated.user_key is not null as is_activated,
        users_activated.activated_at,
        {{ dbt.dateadd('hour', 'windows.activation_window_hours', 'signed_up_users.signed_up_at') }}
        <= observation.observed_until_at as is_activation_window_closed,
        progress.first_value_at,
        progress.completed_milestone_count,
        progress.next_milestone_id,
        activity.first_active_date,
        activity.last_active_date,
        coalesce(activity.active_day_count, 0) as active_day_count,
        referrals.invitation_count,
        referrals.invited_signup_count
    from signed_up_users
    inner join segments on signed_up_users.user_key = segments.user_key
    inner join {{ ref('int_user_progress') }} as progress
        on signed_up_users.user_key = progress.user_key
    inner join {{ ref('int_user_referrals') }} as referrals
        on signed_up_users.user_key = referrals.user_key
    left join users_activated on signed_up_users.user_key = users_activated.user_key
    left join activity on signed_up_users.user_key = activity.user_key
    cross join observation
    cross join windows

)

select *
from users
