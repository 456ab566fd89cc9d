{#- Does an export of Segment lack tables of events, so that their properties are missing, or the tables
    of traits? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'segment' -%}
with

events as (

    select
        event_name,
        sum(row_count) as row_count
    from {{ ref('int_event_counts') }}
    where event_name is not null
    group by event_name
    having sum(row_count) > 0

),

event_counts as (

    select {{ sum_as_bigint('row_count') }} as event_count
    from events

),

events_with_table as (

    select distinct {{ snake_case('raw_event_name', 'segment') }} as event_name
    from {{ ref('segment_event_tables') }}
    where raw_event_name is not null

),

events_without_table as (

    select
        'no_event_table' as warning_id,
        'events' as table_name,
        events.event_name as subject,
        events.event_name as example,
        'The export has tracks, but no table ' || events.event_name || ', so its '
        || {{ as_text('cast(events.row_count as bigint)') }}
        || ' events have no properties. Export the event tables, too.' as message,
        events.row_count,
        {{ rate('events.row_count', 'event_counts.event_count') }} as row_rate
    from events
    cross join event_counts
    left join events_with_table on events.event_name = events_with_table.event_name
    where events_with_table.event_name is null

),

tables_of_traits as (

    select
        {{ (tables_of('segment', 'users') + tables_of('segment', 'identifies')) | length }}
        as table_count
    from (select 1 as nothing) as nothing

),

no_traits as (

    select
        'no_traits' as warning_id,
        'users' as table_name,
        'identifies' as subject,
        cast(null as {{ dbt.type_string() }}) as example,
        'The tables users and identifies are missing, so no user has a plan, a source or any other '
        || 'trait. Export these tables, too.' as message,
        0 as row_count,
        {{ rate('0', '1') }} as row_rate
    from tables_of_traits
    where table_count = 0

),

int_segment_warnings as (

    select *
    from events_without_table
    union all
    select *
    from no_traits

)

select *
from int_segment_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
