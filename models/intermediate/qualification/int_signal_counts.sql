{#- How often did each user do what scores points, and when last?
    Reads all events on each build, two columns of them. -#}
with

signals as (

    select triggered_by_event
    from {{ ref('stg_pql_signals') }}

),

events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'event_name in (select triggered_by_event from signals)'
    ) }}

),

int_signal_counts as (

    select
        user_key,
        event_name,
        count(*) as event_count,
        max(occurred_at) as last_occurred_at
    from events
    group by user_key, event_name

)

select *
from int_signal_counts
