{#- To whom does each id belong, and when did that person sign up? An id is a user's own, an alias
    or a device. int_events_classified learns about people here only. So if a signup is corrected,
    or an id moves to another person, only their events change. --full-refresh keeps this table,
    like int_event_parts. -#}
{{ config(materialized='incremental', unique_key='user_id', full_refresh=false) }}

with

ids as (

    select
        user_id,
        person_id,
        signed_up_at,
        is_excluded
    from {{ ref('int_person_ids') }}

),

compared_ids as (

    {% if is_incremental() -%}
    -- An id that is gone belongs to itself again.
    select
        ids.signed_up_at,
        known_ids.id_key as known_id_key,
        known_ids.user_key as known_user_key,
        known_ids.signed_up_at as known_signed_up_at,
        known_ids.is_excluded as was_excluded,
        known_ids.first_version,
        coalesce(ids.user_id, known_ids.user_id) as user_id,
        coalesce(ids.person_id, known_ids.user_id) as person_id,
        coalesce(ids.is_excluded, false) as is_excluded
    from ids
    full outer join {{ this }} as known_ids on ids.user_id = known_ids.user_id
    {%- else -%}
    select
        *,
        cast(null as bigint) as known_id_key,
        cast(null as bigint) as known_user_key,
        cast(null as timestamp) as known_signed_up_at,
        cast(null as boolean) as was_excluded,
        cast(null as bigint) as first_version
    from ids
    {%- endif %}

),

new_keys as (

    select
        user_id,
        {{ last_key('id_key') }} + row_number() over (order by user_id) as id_key
    from compared_ids
    where known_id_key is null

),

keyed_ids as (

    select
        compared_ids.*,
        coalesce(compared_ids.known_id_key, new_keys.id_key) as id_key
    from compared_ids
    left join new_keys on compared_ids.user_id = new_keys.user_id

),

signups as (

    select
        keyed_ids.*,
        keyed_ids.id_key as user_key
    from keyed_ids
    where keyed_ids.user_id = keyed_ids.person_id
    union all
    select
        aliases.*,
        persons.id_key as user_key
    from keyed_ids as aliases
    inner join keyed_ids as persons on aliases.person_id = persons.user_id
    where aliases.user_id <> aliases.person_id

),

int_signups as (

    select
        user_id,
        signed_up_at,
        is_excluded,
        id_key,
        user_key,
        coalesce(first_version, {{ next_version() }}) as first_version,
        {{ next_version() }} as row_version
    from signups
    where
        first_version is null
        or user_key <> known_user_key
        or {{ is_distinct('signed_up_at', 'known_signed_up_at') }}
        or is_excluded <> was_excluded

)

select *
from int_signups
