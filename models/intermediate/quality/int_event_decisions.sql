{#- What was decided in reading the events, and how often? -#}
{{ config(materialized='ephemeral') }}
with

counts as (

    select *
    from {{ ref('int_event_counts') }}
    where row_count > 0

),

copies as (

    select count(*) as row_count
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

row_decisions as (

    {% for decision in decisions_of_events() -%}
    select
        '{{ decision }}' as decision,
        {{ sum_as_bigint('row_count') }} as row_count,
        min(first_delivered_at) as first_seen_at,
        max(last_delivered_at) as last_seen_at
    from counts
    where {{ has_decision(decision, 'decisions') }}
    union all
    {% endfor -%}
    select
        'delivered' as decision,
        {{ sum_as_bigint('row_count') }} as row_count,
        min(first_delivered_at) as first_seen_at,
        max(last_delivered_at) as last_seen_at
    from counts

),

counted as (

    select
        {{ sum_as_bigint('row_count') }} as row_count,
        min(first_delivered_at) as first_seen_at
    from counts
    where removed_by is null

),

shared_names as (

    select
        {{ sum_as_bigint('row_count') }} as row_count,
        min(first_delivered_at) as first_seen_at,
        max(last_delivered_at) as last_seen_at
    from counts
    where event_name is not null
    group by event_name
    having
        count(distinct coalesce(
            raw_event_name,
            case when {{ has_decision('name_kept', 'decisions') }} then event_name end
        )) > 1

),

int_event_decisions as (

    select
        'events' as table_name,
        decision,
        coalesce(row_count, 0) as row_count,
        first_seen_at,
        last_seen_at
    from row_decisions
    union all
    select
        'events' as table_name,
        'name_shared' as decision,
        coalesce({{ sum_as_bigint('row_count') }}, 0) as row_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from shared_names
    union all
    -- The earliest copy stays, so the earliest of all rows counts.
    select
        'events' as table_name,
        'counted' as decision,
        coalesce(counted.row_count, 0) - copies.row_count as row_count,
        counted.first_seen_at,
        last_events.last_delivered_at as last_seen_at
    from counted
    cross join copies
    cross join {{ ref('int_last_counted_events') }} as last_events

)

select *
from int_event_decisions
