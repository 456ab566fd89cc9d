{#- Which events were delivered, in clean types, and what tells each apart?
    An empty string is null. This model removes nothing. -#}
{%- set delivered = ref(var('events_model')) if var('events_model') else source('raw', 'events') -%}
with

events as (

    select
        {{ 'part' if has_event_parts() else event_part(var('events_received_at')) ~ ' as part' }},
        event_id,
        user_id,
        event_name,
        {{ raw_column('timestamp') }} as occurred_at,
        properties,
        {{ delivered_or_null('events', delivered, var('events_received_at') or 'received_at') }} as received_at,
        {{ made_or_null('events', 'file_name') }} as file_name,
        {{ made_or_null('events', 'is_unreadable') }} as is_unreadable
    from {{ delivered }}

),

typed_events as (

    select
        part,
        file_name,
        coalesce(is_unreadable, 1 = 0) as is_unreadable,
        nullif(cast(event_id as {{ dbt.type_string() }}), '') as event_id,
        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(event_name as {{ dbt.type_string() }}), '') as event_name,
        cast(occurred_at as timestamp) as occurred_at,
        cast(received_at as timestamp) as received_at,
        nullif(cast(properties as {{ dbt.type_string() }}), '') as properties
    from events

),

stg_events as (

    select
        *,
        -- Ids restart in some exports, and some are shared by users. Without an id, two events are
        -- the same only if they agree in everything. A row without user or name never counts.
        case
            when event_id is not null
                then {{ join_texts([
                    "length(user_id)", "' '", "user_id", "' '", "length(event_name)", "' '", "event_name",
                    "' #'", "event_id",
                ]) }}
            else {{ join_texts([
                "length(user_id)", "' '", "user_id", "' '", "length(event_name)", "' '", "event_name",
                "' '", "cast(occurred_at as " ~ dbt.type_string() ~ ")", "' '",
                "coalesce(properties, '')",
            ]) }}
        end as event_identity
    from typed_events

)

select *
from stg_events
