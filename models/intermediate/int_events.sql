{#- Which events count?
    All that no rule removed, each once. -#}
{{ config(materialized='view') }}

with

events as (

    select
        event_id,
        user_id,
        event_name,
        occurred_at,
        properties
    from {{ ref('int_events_classified') }}
    where removed_by is null and event_id is not null

),

repeated_events as (

    select
        event_id,
        user_id,
        event_name,
        occurred_at,
        properties,
        copy_number
    from {{ ref('int_events_repeated') }}

),

int_events as (

    select
        user_id,
        event_name,
        occurred_at,
        properties
    from events
    where
        not exists (
            select 1
            from repeated_events
            where repeated_events.event_id = events.event_id
        )
    union all
    select
        user_id,
        event_name,
        occurred_at,
        properties
    from repeated_events
    where copy_number = 1

)

select *
from int_events
