{#- Which events were delivered, in clean types? The views of the raw files and of a warehouse's tables
    have already read the values. This model reads the values of a table or model that your project
    names; an adapter reads those of a vendor's export. This model removes nothing. -#}
{%- set adapter_events = adapter_of({
    'amplitude': 'amplitude_events',
    'ga4': 'ga4_events',
    'mixpanel': 'mixpanel_events',
    'segment': 'segment_events',
    'posthog': 'posthog_events',
    'snowplow': 'snowplow_events',
}) -%}
{%- set sources = column_sources(ref('input_columns'), 'events') -%}
{%- set delivered = ref(var('events_model')) if var('events_model') else source('raw', 'events') -%}
{%- set part_time = 'received_at' if var('events_received_at') else 'timestamp' -%}
with

events as (

    {% if adapter_events -%}
    select
        {{ 'file_name' if vendor_tables_are_files() else event_part('received_at') }} as part,
        file_name,
        is_unreadable,
        event_id,
        user_id,
        anonymous_id,
        event_name,
        raw_event_name,
        occurred_at as {{ raw_column('timestamp') }},
        received_at,
        properties,
        has_fallback_time,
        is_zone_applied,
        has_illegal_id,
        is_person_at_ingestion
    from {{ adapter_events }}
    {%- elif has_raw_view('events') -%}
    select
        part,
        file_name,
        is_unreadable,
        event_id,
        user_id,
        anonymous_id,
        event_name,
        raw_event_name,
        {{ raw_column('timestamp') }},
        received_at,
        properties
    from {{ delivered }}
    {%- else -%}
    {{ read_rows(
        delivered_values('events', delivered, var('events_received_at'), sources), delivered,
        made_of_a_table()
    ) }}
    {%- endif %}

),

stg_events as (

    select
        {% set has_part = adapter_events or has_raw_view('events') -%}
        {{ 'part' if has_part else event_part(part_time) ~ ' as part' }},
        file_name,
        event_id,
        user_id,
        {%- if adapter_events %}
        anonymous_id,
        {%- else %}
        case when not ({{ is_no_id('anonymous_id') }}) then anonymous_id end as anonymous_id,
        {%- endif %}
        event_name,
        raw_event_name,
        {{ raw_column('timestamp') }} as occurred_at,
        received_at,
        properties,
        -- What was decided in reading the row; input_by_decision counts it.
        {% for choice in ['has_fallback_time', 'is_zone_applied', 'is_person_at_ingestion'] -%}
        {{ choice if adapter_events else 'cast(0 = 1 as boolean) as ' ~ choice }},
        {% endfor -%}
        {% if adapter_events -%}
        has_illegal_id,
        {% else -%}
        coalesce({{ is_no_id('anonymous_id') }}, false) as has_illegal_id,
        {% endif -%}
        coalesce(is_unreadable, false) as is_unreadable
    from events

)

select *
from stg_events
