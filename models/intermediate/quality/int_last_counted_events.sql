{#- When did the last event that counts occur, as delivered? Counts don't say, because copies are
    counted elsewhere. This model reads only events since the last date with an event that counts. -#}
with

last_dates as (

    select cast(max(delivered_date) as timestamp) as last_date
    from {{ ref('int_delivered_rows') }}
    where table_name = 'events' and rule_name is null

),

events as (

    select coalesce(events.stamped_at, events.occurred_at) as delivered_at
    from {{ ref('int_events_classified') }} as events
    where
        events.removed_by is null
        and events.occurred_at >= (select last_dates.last_date from last_dates)
        and not exists (
            select 1
            from {{ ref('int_events_repeated') }} as repeated_events
            where repeated_events.event_hash = events.event_hash
        )
    union all
    select coalesce(stamped_at, occurred_at) as delivered_at
    from {{ ref('int_events_repeated') }}
    where copy_number = 1

),

int_last_counted_events as (

    select max(delivered_at) as last_delivered_at
    from events

)

select *
from int_last_counted_events
