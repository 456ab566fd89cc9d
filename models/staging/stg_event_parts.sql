{#- Which parts do the delivered events consist of, and has one changed? -#}
with

{% if has_event_parts() -%}
event_parts as (

    select
        part,
        fingerprint
    from {{ source('raw', 'event_parts') }}

),

{% else -%}
{% set delivered = ref(var('events_model')) if var('events_model') else source('raw', 'events') -%}
contents as (

    select
        {{ event_part(var('events_received_at')) }} as part,
        {{ event_content(delivered, var('events_received_at')) }} as content
    from {{ delivered }}

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
