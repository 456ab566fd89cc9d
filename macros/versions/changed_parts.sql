{#- A query of the parts of the raw events that an incremental model must read: parts that changed since
    its last build, or all if it is built from nothing. Parts noted with other settings wait until
    int_event_parts notes them with these.

    event_parts: ref('int_event_parts'). The model stores its row_version as part_version.
    property_events: of events_with_properties.
    Result: a query with part, part_key, part_version. -#}
{% macro changed_parts(event_parts, property_events) -%}
    select
        part,
        part_key,
        row_version as part_version
    from {{ event_parts }}
    {%- if is_incremental() %}
    where
        row_version > {{ watermark('part_version') }}
        and (
            select count(*)
            from {{ event_parts }} as noted_parts
            where noted_parts.build_settings <> {{ event_settings(property_events) }}
        ) = 0
    {%- endif %}
{%- endmacro %}
