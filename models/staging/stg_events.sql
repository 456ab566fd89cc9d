{#- Which events were delivered, in clean types, and what tells each apart?
    An empty string is null. This model removes nothing. -#}
with

events as (

    select
        {{ 'part' if has_event_parts() else event_part(var('events_received_at')) ~ ' as part' }},
        event_id,
        user_id,
        event_name,
        {{ raw_column('timestamp') }} as occurred_at,
        properties
    from {{ ref(var('events_model')) if var('events_model') else source('raw', 'events') }}

),

typed_events as (

    select
        part,
        nullif(cast(event_id as {{ dbt.type_string() }}), '') as event_id,
        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(event_name as {{ dbt.type_string() }}), '') as event_name,
        cast(occurred_at as timestamp) as occurred_at,
        nullif(cast(properties as {{ dbt.type_string() }}), '') as properties
    from events

),

stg_events as (

    select
        *,
        -- Without an id, two events are the same only if they agree in everything.
        coalesce(
            event_id,
            {{ dbt.concat([
                "coalesce(cast(length(user_id) as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(user_id, '')", "' '",
                "coalesce(cast(length(event_name) as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(event_name, '')", "' '",
                "coalesce(cast(occurred_at as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(properties, '')",
            ]) }}
        ) as event_identity
    from typed_events

)

select *
from stg_events
