{#- Which events were delivered, in clean types, and what tells each apart?
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
        event_name,
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

typed_events as (

    select
        {{ 'part' if has_raw_view('events') else event_part(part_time) ~ ' as part' }},
        file_name,
        event_id,
        user_id,
        event_name,
        {{ raw_column('timestamp') }} as occurred_at,
        received_at,
        properties,
        coalesce(is_unreadable, false) as is_unreadable
    from events

),

stg_events as (

    select
        *,
        -- Ids restart in some exports, and some are shared by users. Without an id, two events are the
        -- same only if they agree in everything.
        {{ dbt.concat([
            "coalesce(cast(length(user_id) as " ~ dbt.type_string() ~ "), '')", "' '",
            "coalesce(user_id, '')", "' '",
            "coalesce(cast(length(event_name) as " ~ dbt.type_string() ~ "), '')", "' '",
            "coalesce(event_name, '')", "' '",
            "case when event_id is null then '' else '#' end",
            "coalesce(event_id, cast(occurred_at as " ~ dbt.type_string() ~ "), '')",
            "case when event_id is null then ' ' else '' end",
            "case when event_id is null then coalesce(properties, '') else '' end",
        ]) }} as event_identity
    from typed_events

)

select *
from stg_events
