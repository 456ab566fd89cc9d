{#- Which parts do the delivered events consist of, and has one changed? -#}
{%- set adapter_events = adapter_of('events') if not vendor_tables_are_files() -%}
{%- set sources = column_sources(ref('input_columns'), 'events') -%}
with

{% if has_event_parts() and not adapter_events -%}
event_parts as (

    select
        part,
        fingerprint
    from {{ source('raw', 'event_parts') }}

),

{% elif adapter_events -%}
contents as (

    select
        {{ event_part('received_at') }} as part,
        {{ event_content(adapter_columns(), none) }} as content
    from {{ adapter_events }}

),

event_parts as (

    select
        part,
        {{ part_fingerprint(plg_source()) }} as fingerprint
    from contents
    group by part

),

{% else -%}
{% set delivered = ref(var('events_model')) if var('events_model') else source('raw', 'events') -%}
{% set values = delivered_values('events', delivered, var('events_received_at'), sources) -%}
events as (

    {{ read_rows(values, delivered, {}) }}

),

contents as (

    select
        {{ event_part('received_at' if var('events_received_at') else 'timestamp') }} as part,
        {{ event_content(values, var('events_received_at')) }} as content
    from events

),

event_parts as (

    select
        part,
        {{ part_fingerprint(var('events_model') or 'events') }} as fingerprint
    from contents
    group by part

),

{% endif -%}
stg_event_parts as (

    select
        cast(part as {{ dbt.type_string() }}) as part,
        cast(fingerprint as {{ dbt.type_string() }}) as fingerprint
    from event_parts

)

select *
from stg_event_parts
