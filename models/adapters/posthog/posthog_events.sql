{#- Which events does a PostHog export hold? All rows but those that only say who somebody is. -#}
with

posthog_events as (

    select
        event_id,
        user_id,
        anonymous_id,
        event_name,
        raw_event_name,
        occurred_at,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable,
        false as has_fallback_time,
        false as is_zone_applied,
        user_id is not null as is_person_at_ingestion
    from {{ ref('posthog_rows') }}
    where is_event

)

select *
from posthog_events
