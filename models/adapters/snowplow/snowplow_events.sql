{#- Which events does a Snowplow table hold? All rows except the pings of open pages. -#}
with

snowplow_events as (

    select
        event_id,
        user_id,
        anonymous_id,
        event_name,
        raw_event_name,
        occurred_at,
        received_at,
        properties,
        has_fallback_time,
        has_illegal_id,
        file_name,
        is_unreadable,
        false as is_zone_applied,
        false as is_person_at_ingestion
    from {{ ref('snowplow_rows') }}
    where is_event

)

select *
from snowplow_events
