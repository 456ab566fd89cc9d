{#- Which events does a GA4 export hold? All rows, except those of an intraday table whose date has
    a daily table. -#}
with

ga4_events as (

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
        false as is_person_at_ingestion
    from {{ ref('ga4_rows') }}
    where not is_replaced

)

select *
from ga4_events
