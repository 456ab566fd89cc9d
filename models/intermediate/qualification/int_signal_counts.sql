{#- How often did each user do what scores points, and when last? -#}
with

int_signal_counts as (

    select
        user_key,
        event_name,
        {{ sum_as_bigint('event_count') }} as event_count,
        max(last_occurred_at) as last_occurred_at
    from {{ ref('int_event_days') }}
    where event_count > 0
    group by user_key, event_name

)

select *
from int_signal_counts
