{#- How many rows did each delivery bring, of which events and dates, and which rule removed them?
    Later models and warnings count rows here, and never read all events again. Duplicates are not yet
    taken off: int_events_repeated has them.

    Longer than 110 lines: one grouping of all events feeds every count, so that they are read once. -#}
{{ config(materialized='incremental', unique_key='part_key') }}

with

parts as (

    select distinct part_key
    from {{ ref('int_events_classified') }}
    {%- if is_incremental() %}
    where row_version > {{ watermark('event_version') }}
    {%- endif %}

),

signups as (

    select
        id_key,
        user_id
    from {{ ref('int_signups') }}

),

events as (

    select
        events.part_key,
        events.file_name,
        events.event_name,
        events.raw_event_name,
        events.decisions,
        events.is_anonymous,
        events.occurred_at,
        {{ utc_date('events.occurred_at') }} as occurred_utc_date,
        events.has_event_id,
        events.properties,
        events.removed_by,
        coalesce(events.stamped_at, events.occurred_at) as delivered_at,
        -- A user who once signed up, and no longer has, is known by key.
        case
            when events.removed_by = 'unknown_user' then coalesce(events.user_id, signups.user_id)
        end as unknown_user_id
    from {{ ref('int_events_classified') }} as events
    left join signups
        on events.removed_by = 'unknown_user' and events.user_key = signups.id_key
    where
        {% if is_incremental() -%}
        events.part_key in (select parts.part_key from parts)
        and {% endif -%}
        {{ is_distinct('events.removed_by', "'replaced'") }}

),

counts as (

    select
        part_key,
        file_name,
        event_name,
        raw_event_name,
        decisions,
        is_anonymous,
        {{ utc_date('delivered_at') }} as delivered_date,
        occurred_utc_date,
        removed_by,
        count(*) as row_count,
        count(case when has_event_id then 1 end) as id_row_count,
        count(case when occurred_at = cast(occurred_utc_date as timestamp) then 1 end)
            as midnight_row_count,
        min(delivered_at) as first_delivered_at,
        max(delivered_at) as last_delivered_at,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at,
        count(properties) as properties_row_count,
        count(case when not ({{ is_json_object('properties') }}) then 1 end) as no_object_row_count,
        min(unknown_user_id) as unknown_user_example
    from events
    group by
        part_key,
        file_name,
        event_name,
        raw_event_name,
        decisions,
        is_anonymous,
        {{ utc_date('delivered_at') }},
        occurred_utc_date,
        removed_by

),

int_event_counts as (

    select
        parts.part_key,
        counts.file_name,
        counts.event_name,
        counts.raw_event_name,
        counts.decisions,
        counts.is_anonymous,
        counts.delivered_date,
        counts.occurred_utc_date,
        counts.removed_by,
        -- A part that has no rows left keeps one that says so, in place of its old ones.
        coalesce(counts.row_count, 0) as row_count,
        coalesce(counts.id_row_count, 0) as id_row_count,
        coalesce(counts.midnight_row_count, 0) as midnight_row_count,
        counts.first_delivered_at,
        counts.last_delivered_at,
        counts.first_occurred_at,
        counts.last_occurred_at,
        coalesce(counts.properties_row_count, 0) as properties_row_count,
        coalesce(counts.no_object_row_count, 0) as no_object_row_count,
        counts.unknown_user_example,
        {{ latest_version(ref('int_events_classified')) }} as event_version,
        {{ next_version() }} as row_version
    from parts
    left join counts on parts.part_key = counts.part_key

)

select *
from int_event_counts
