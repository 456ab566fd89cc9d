{#- Which events does a Mixpanel export hold? Every row except those that only say that ids are one
    person. -#}
with

event_rows as (

    select
        event_id,
        user_id,
        anonymous_id,
        raw_event_name,
        delivered_at,
        occurred_at,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable
    from {{ ref('mixpanel_event_rows') }}
    where is_event

),

mixpanel_events as (

    select
        *,
        {{ snake_case('raw_event_name', 'mixpanel') }} as event_name,
        false as has_fallback_time,
        coalesce(occurred_at <> delivered_at, false) as is_zone_applied,
        false as is_person_at_ingestion
    from event_rows

)

select *
from mixpanel_events
