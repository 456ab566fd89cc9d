{#- Which events does a Segment export hold? The rows of each event's own table, with their
    properties. From tracks, only events without a table, because tracks repeats every event. -#}
with

event_tables as (

    select
        event_id,
        user_id,
        anonymous_id,
        raw_event_name,
        tracked_at,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable
    from {{ ref('segment_event_tables') }}

),

events_with_table as (

    select distinct event
    from {{ ref('segment_event_tables') }}
    where event is not null

),

tracks as (

    {{ vendor_rows(
        'segment', 'tracks',
        ids={'event_id': 'id', 'user_id': 'user_id', 'anonymous_id': 'anonymous_id'},
        times={'tracked_at': 'timestamp', 'received_at': 'received_at'},
        names={'raw_event_name': ['event_text', 'event'], 'event': 'event'},
    ) }}

),

tracks_without_table as (

    select
        tracks.event_id,
        tracks.user_id,
        tracks.anonymous_id,
        tracks.raw_event_name,
        tracks.tracked_at,
        tracks.received_at,
        {{ no_text('properties') }},
        tracks.has_illegal_id,
        tracks.file_name,
        tracks.is_unreadable
    from tracks
    left join events_with_table on tracks.event = events_with_table.event
    where events_with_table.event is null

),

events as (

    select *
    from event_tables
    union all
    select *
    from tracks_without_table

),

segment_events as (

    select
        event_id,
        user_id,
        anonymous_id,
        raw_event_name,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable,
        {{ snake_case('raw_event_name', 'segment') }} as event_name,
        coalesce(tracked_at, received_at) as occurred_at,
        tracked_at is null and received_at is not null as has_fallback_time,
        false as is_zone_applied,
        false as is_person_at_ingestion
    from events

)

select *
from segment_events
