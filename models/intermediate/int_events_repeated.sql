{#- Which events were delivered more than once, and which copy stays?
    Few ids repeat, so they are found by a count and only their rows are sorted; a window over all
    events would cost several times as much. Events without an id are all here. -#}
with

events as (

    select
        event_id,
        user_id,
        event_name,
        occurred_at,
        properties,
        {{ hash_of('event_id') }} as event_id_hash
    from {{ ref('int_events_classified') }}
    where removed_by is null

),

repeated_ids as (

    select event_id_hash
    from {{ ref('int_event_ids_repeated') }}

),

repeated_events as (

    select
        events.event_id,
        events.user_id,
        events.event_name,
        events.occurred_at,
        events.properties
    from events
    left join repeated_ids on events.event_id_hash = repeated_ids.event_id_hash
    where events.event_id is null or repeated_ids.event_id_hash is not null

),

int_events_repeated as (

    select
        *,
        -- Two events without an id are the same one only if they agree in everything. Copies with
        -- an id that differ in nothing but their properties: any may stay, unless they are
        -- invitations, and those kept their properties.
        row_number() over (
            partition by
                event_id,
                case when event_id is null then user_id end,
                case when event_id is null then event_name end,
                case when event_id is null then occurred_at end,
                case when event_id is null then properties end
            order by occurred_at, user_id, event_name, properties nulls last
        ) as copy_number
    from repeated_events

)

select *
from int_events_repeated
