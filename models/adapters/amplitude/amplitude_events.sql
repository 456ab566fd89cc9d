{#- Which events does an Amplitude export hold? Every row except those that are only about a user, a
    group, or the amount of a revenue that has an event of its own. -#}
with

event_rows as (

    select
        event_id,
        user_id,
        anonymous_id,
        raw_event_name,
        occurred_at,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable
    from {{ ref('amplitude_event_rows') }}
    where is_event

),

amplitude_events as (

    select
        *,
        {{ snake_case('raw_event_name', 'amplitude') }} as event_name,
        false as has_fallback_time,
        false as is_zone_applied,
        false as is_person_at_ingestion
    from event_rows

)

select *
from amplitude_events
