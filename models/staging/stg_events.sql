{#- Which events were delivered, in clean types?
    An empty string is null; nothing is removed here. -#}
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

stg_events as (

    select
        part,
        nullif(cast(event_id as {{ dbt.type_string() }}), '') as event_id,
        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(event_name as {{ dbt.type_string() }}), '') as event_name,
        cast(occurred_at as timestamp) as occurred_at,
        nullif(cast(properties as {{ dbt.type_string() }}), '') as properties
    from events

)

select *
from stg_events
