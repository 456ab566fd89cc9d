{#- Which events make up the journey of a user?
    The 20 meaningful events that most users have tried, so that tests and transitions stay few. -#}
with

tried_events as (

    select
        tried_events.user_key,
        tried_events.event_name
    from {{ ref('int_tried_events') }} as tried_events
    inner join {{ ref('int_users') }} as users on tried_events.user_key = users.user_key
    where tried_events.is_first and tried_events.event_name is not null

),

user_counts as (

    select
        event_name,
        count(*) as user_count
    from tried_events
    group by event_name

),

ranked_events as (

    select
        event_name,
        user_count,
        row_number() over (order by user_count desc, event_name asc) as event_rank
    from user_counts

),

int_journey_events as (

    select
        event_name,
        user_count,
        event_rank
    from ranked_events
    where event_rank <= 20

)

select *
from int_journey_events
