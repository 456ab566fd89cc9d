{#- Which events count so far, and by which rule did each of the others fall?
    The one place where raw events are read, narrow: properties are kept only where an answer depends
    on them, for invitations (their number) and for events without an id (their identity). Duplicates
    are settled in int_events_repeated. -#}
with

events as (

    select
        event_id,
        user_id,
        event_name,
        occurred_at,
        properties
    from {{ ref('stg_events') }}

),

users as (

    select
        user_id,
        signed_up_at
    from {{ ref('int_users_classified') }}
    where removed_by is null

),

excluded_users as (

    select user_id
    from {{ ref('excluded_users') }}

),

int_events_classified as (

    select
        events.event_id,
        events.user_id,
        events.event_name,
        events.occurred_at,
        case
            when events.event_id is null or events.event_name = '{{ var("invitation_event") }}'
                then events.properties
        end as properties,
        case
            when
                events.user_id is null
                or events.event_name is null
                or events.occurred_at is null
                then 'missing_key'
            when events.occurred_at > {{ credible_until() }} then 'future_event'
            when excluded_users.user_id is not null then 'excluded_user'
            when users.user_id is null then 'unknown_user'
            when events.occurred_at < users.signed_up_at then 'before_signup'
        end as removed_by
    from events
    left join users on events.user_id = users.user_id
    left join excluded_users on events.user_id = excluded_users.user_id

)

select *
from int_events_classified
