{#- Since when does each user count, and when did that last change?
    What int_events_classified needs to know of users. So a corrected signup changes only the events that
    it concerns. --full-refresh keeps this table, like int_event_parts. -#}
{{ config(materialized='incremental', unique_key='user_id', full_refresh=false) }}

with

users as (

    select
        user_id,
        signed_up_at
    from {{ ref('int_users_classified') }}
    where removed_by is null

),

excluded_users as (

    select user_id
    from {{ ref('stg_excluded_users') }}

),

signups as (

    select
        users.signed_up_at,
        coalesce(users.user_id, excluded_users.user_id) as user_id,
        excluded_users.user_id is not null as is_excluded
    from users
    full outer join excluded_users on users.user_id = excluded_users.user_id

),

{% if is_incremental() -%}
known_signups as (

    select
        user_id,
        user_key,
        signed_up_at,
        is_excluded,
        first_version
    from {{ this }}

),

changed_signups as (

    select
        signups.signed_up_at,
        known_signups.user_key,
        known_signups.first_version,
        coalesce(signups.user_id, known_signups.user_id) as user_id,
        coalesce(signups.is_excluded, false) as is_excluded
    from signups
    full outer join known_signups on signups.user_id = known_signups.user_id
    where
        known_signups.user_id is null
        or {{ is_distinct('signups.signed_up_at', 'known_signups.signed_up_at') }}
        or coalesce(signups.is_excluded, false) <> known_signups.is_excluded

),

{% else -%}
changed_signups as (

    select
        user_id,
        signed_up_at,
        is_excluded,
        cast(null as bigint) as user_key,
        cast(null as bigint) as first_version
    from signups

),

{% endif -%}
int_signups as (

    select
        user_id,
        signed_up_at,
        is_excluded,
        coalesce(
            user_key,
            {{ last_key('user_key') }}
            + row_number() over (order by user_key nulls first, user_id)
        ) as user_key,
        coalesce(first_version, {{ next_version() }}) as first_version,
        {{ next_version() }} as row_version
    from changed_signups

)

select *
from int_signups
