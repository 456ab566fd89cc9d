{#- Which parts do the raw events consist of, and when did each last change?
    A part is a delivery: a file of a folder, or the rows of one date of arrival (of one date of
    occurrence, where nothing says when rows arrived). A part with another fingerprint is read again, as
    a whole. So is every part after a change of a setting that int_events_classified depends on.
    This table records what was read. --full-refresh keeps it, and rebuilds all models that read it. -#}
{{ config(materialized='incremental', unique_key='part', full_refresh=false) }}
{%- set property_events = events_with_properties(ref('int_property_filters')) -%}

with

delivered_parts as (

    select
        part,
        fingerprint,
        {{ event_settings(property_events) }} as build_settings
    from {{ ref('stg_event_parts') }}

),

{% if is_incremental() -%}
known_parts as (

    select
        part,
        part_key,
        fingerprint,
        build_settings
    from {{ this }}

),

changed_parts as (

    select
        delivered_parts.part,
        known_parts.part_key,
        delivered_parts.fingerprint,
        delivered_parts.build_settings
    from delivered_parts
    left join known_parts on delivered_parts.part = known_parts.part
    where
        {{ is_distinct('delivered_parts.fingerprint', 'known_parts.fingerprint') }}
        or {{ is_distinct('delivered_parts.build_settings', 'known_parts.build_settings') }}
    union all
    -- A part that is no longer delivered: its events go, too.
    select
        known_parts.part,
        known_parts.part_key,
        cast(null as {{ dbt.type_string() }}) as fingerprint,
        cast(null as {{ dbt.type_string() }}) as build_settings
    from known_parts
    left join delivered_parts on known_parts.part = delivered_parts.part
    where delivered_parts.part is null and known_parts.fingerprint is not null

),

{% else -%}
changed_parts as (

    select
        part,
        cast(null as bigint) as part_key,
        fingerprint,
        build_settings
    from delivered_parts

),

{% endif -%}
int_event_parts as (

    select
        part,
        fingerprint,
        build_settings,
        coalesce(
            part_key,
            {{ last_key('part_key') }}
            + row_number() over (order by part_key nulls first, part)
        ) as part_key,
        {{ next_version() }} as row_version
    from changed_parts

)

select *
from int_event_parts
