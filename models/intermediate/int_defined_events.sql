{#- Which events does a definition ask for: a milestone, a signal, or the invitations? -#}
with

events as (

    select
        user_id,
        event_name,
        occurred_at,
        properties
    from {{ ref('int_events') }}

),

defined_names as (

    select triggered_by_event as event_name
    from {{ ref('stg_milestones') }}
    union distinct
    select triggered_by_event as event_name
    from {{ ref('stg_pql_signals') }}
    where triggered_by_event is not null
    union distinct
    select '{{ var("invitation_event") }}' as event_name

),

int_defined_events as (

    select
        events.user_id,
        events.event_name,
        events.occurred_at,
        row_number() over (
            partition by events.user_id, events.event_name
            order by events.occurred_at, events.properties nulls last
        ) as occurrence_number,
        case
            when events.event_name = '{{ var("invitation_event") }}'
                then greatest(coalesce({{ json_integer('events.properties', 'count') }}, 1), 1)
        end as invitation_count
    from events
    inner join defined_names on events.event_name = defined_names.event_name

)

select *
from int_defined_events
