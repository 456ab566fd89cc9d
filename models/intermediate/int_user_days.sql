{#- On which dates did each user do something, and was any of it use of the product?
    A user is active on a date with a meaningful event. -#}
with

events as (

    select
        user_id,
        event_name,
        occurred_at
    from {{ ref('int_events') }}

),

meaningless_events as (

    -- An event that is not in the catalog is meaningful.
    select event_name
    from {{ ref('event_catalog') }}
    where not coalesce(is_meaningful, false)

),

int_user_days as (

    select
        events.user_id,
        cast(events.occurred_at as date) as activity_date,
        max(case when meaningless_events.event_name is null then 1 else 0 end) = 1 as is_active,
        max(events.occurred_at) as last_event_at
    from events
    left join meaningless_events on events.event_name = meaningless_events.event_name
    group by events.user_id, cast(events.occurred_at as date)

)

select *
from int_user_days
