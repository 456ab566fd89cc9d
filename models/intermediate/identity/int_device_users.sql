{#- Which users did each part of the events see on each device, and since when?
    An event with both ids says so. If no event has a device, this model reads none. -#}
{{ config(materialized='incremental', unique_key='part_key') }}
{%- set property_events = events_with_properties(ref('int_property_filters')) -%}

with

parts as (

    {{ changed_parts(ref('int_event_parts'), property_events) }}

),

device_users as (

    select
        parts.part_key,
        events.anonymous_id,
        events.user_id,
        min(events.occurred_at) as first_at
    from {{ ref('stg_events') }} as events
    inner join parts on events.part = parts.part
    where
        events.anonymous_id is not null
        {% if not has_anonymous_users() -%}
        and events.user_id is not null
        {% endif -%}
        -- The rule missing_key takes the others.
        and events.event_name is not null
        and events.occurred_at is not null
        and {{ had_arrived('events') }}
    group by parts.part_key, events.anonymous_id, events.user_id

),

int_device_users as (

    select
        parts.part_key,
        device_users.anonymous_id,
        device_users.user_id,
        device_users.first_at,
        parts.part_version,
        {{ next_version() }} as row_version
    -- A part without any gets one row, in place of its old ones.
    from parts
    left join device_users on parts.part_key = device_users.part_key

)

select *
from int_device_users
