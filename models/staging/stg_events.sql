{#- Which events were delivered, in clean types?
    The views of the raw files and of a warehouse's tables have read the values already; a table or model
    that your project names is read here. This model removes nothing. -#}
{%- set delivered = ref(var('events_model')) if var('events_model') else source('raw', 'events') -%}
{%- set part_time = 'received_at' if var('events_received_at') else 'timestamp' -%}
with

events as (

    {% if has_raw_view('events') -%}
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
        delivered_values('events', delivered, var('events_received_at')), delivered, made_of_a_table()
    ) }}
    {%- endif %}

),

stg_events as (

    select
        {{ 'part' if has_raw_view('events') else event_part(part_time) ~ ' as part' }},
        file_name,
        event_id,
        user_id,
        case when not ({{ is_no_id('anonymous_id') }}) then anonymous_id end as anonymous_id,
        event_name,
        raw_event_name,
        {{ raw_column('timestamp') }} as occurred_at,
        received_at,
        properties,
        coalesce(is_unreadable, false) as is_unreadable,
        -- What was decided in reading the row; input_by_decision counts these.
        cast(0 = 1 as boolean) as has_fallback_time,
        cast(0 = 1 as boolean) as is_zone_applied,
        coalesce({{ is_no_id('anonymous_id') }}, false) as has_illegal_id,
        cast(0 = 1 as boolean) as is_person_at_ingestion
    from events

)

select *
from stg_events
