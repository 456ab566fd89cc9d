{#- Does a Mixpanel export have devices, but no table that says whose they are? Are its times in
    more than one unit? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'mixpanel' -%}
with

event_rows as (

    select
        distinct_id,
        written_time,
        -- A number of 8 digits is a date. 11 digits of seconds reach the year 5138.
        case
            when not {{ regex_matches('written_time', '[0-9]+([.]0*)?') }} then null
            when length({{ without_point('written_time') }}) between 9 and 11 then 'seconds'
            when length({{ without_point('written_time') }}) between 12 and 14 then 'milliseconds'
            when length({{ without_point('written_time') }}) > 14 then 'microseconds'
        end as unit
    from {{ ref('mixpanel_event_rows') }}
    where is_event and not is_unreadable {{ and_delivered_by_observed_until() }}

),

unmapped as (

    select
        count(*) as row_count,
        count(case when distinct_id like '$device:%' then 1 end) as device_count,
        min(case when distinct_id like '$device:%' then distinct_id end) as example
    from event_rows

),

units as (

    select
        unit,
        count(*) as row_count,
        min(written_time) as example,
        row_number() over (order by count(*) desc, unit asc) as place,
        cast(sum(count(*)) over () as bigint) as all_count
    from event_rows
    where unit is not null
    group by unit

),

rare_units as (

    select
        {{ sum_as_bigint('row_count') }} as row_count,
        max(all_count) as all_count,
        min(case when place = 2 then example end) as example,
        min(case when place = 2 then unit end) as unit
    from units
    where place > 1

),

int_mixpanel_warnings as (

    select
        'no_merges' as warning_id,
        'aliases' as table_name,
        'identity_mappings' as subject,
        device_count as row_count,
        {{ rate('device_count', 'row_count') }} as row_rate,
        example,
        {{ part_of('device_count', 'row_count') }}
        || ' events have the id of a device, such as ' || {{ shown('example') }}
        || ', and the table identity_mappings is missing. So events from before a signup may belong to '
        || 'nobody. Export the identity mappings, too, and put them beside the events.'
            as message
    from unmapped
    where device_count > 0 and {{ '1 = 0' if has_vendor_table('mixpanel', 'identity_mappings') else '1 = 1' }}
    union all
    select
        'mixed_time_units' as warning_id,
        'events' as table_name,
        'time' as subject,
        row_count,
        {{ rate('row_count', 'all_count') }} as row_rate,
        example,
        {{ part_of('row_count', 'all_count') }}
        || ' values of time are written in another unit than the others, such as ' || example || ' ('
        || unit || '). The build takes the unit from the size. Usually files of two exports are mixed: '
        || 'export all of them with the same time_in_ms.'
            as message
    from rare_units
    where row_count > 0

)

select *
from int_mixpanel_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
