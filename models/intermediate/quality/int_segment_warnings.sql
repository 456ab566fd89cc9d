{#- Does an export of Segment lack tables of events, so that their properties are missing, or the
    tables of traits? -#}
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
        events.row_count,
        {{ rate('events.row_count', 'event_counts.event_count') }} as row_rate,
        events.event_name as example,
        'The export has tracks, but no table ' || events.event_name || ', so its '
        || {{ as_text('cast(events.row_count as bigint)') }}
        || ' events have no properties. Export the event tables, too.' as message
    from events
    cross join event_counts
    left join events_with_table on events.event_name = events_with_table.event_name
    where events_with_table.event_name is null

),

int_segment_warnings as (

    select *
    from events_without_table
    {% if not has_vendor_table('segment', 'users') and not has_vendor_table('segment', 'identifies') -%}
    union all
    {{ warning_of_export(
        'no_traits', 'users', 'identifies',
        'users and identifies are absent: no user has a plan, a source or any other trait. Export '
        ~ 'these tables, too.',
        row_rate=rate('0', '1')
    ) }}
    {%- endif %}

)

select *
from int_segment_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
