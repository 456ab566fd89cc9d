{#- Are the properties that a definition reads JSON objects? -#}
with

events as (

    select
        event_name,
        properties_row_count,
        no_object_row_count
    from {{ ref('int_event_counts') }}
    where removed_by is null and properties_row_count > 0

),

repeated_events as (

    -- int_event_counts counts every copy.
    select
        event_name,
        -1 as properties_row_count,
        case when {{ is_json_object('properties') }} then 0 else -1 end as no_object_row_count
    from {{ ref('int_events_repeated') }}
    where copy_number > 1 and properties is not null

),

all_rows as (

    select *
    from events
    union all
    select *
    from repeated_events

),

event_counts as (

    select
        event_name,
        {{ sum_as_bigint('properties_row_count') }} as properties_count,
        {{ sum_as_bigint('no_object_row_count') }} as row_count
    from all_rows
    group by event_name

),

int_property_warnings as (

    select
        'properties_no_object' as warning_id,
        'events' as table_name,
        event_name as subject,
        row_count,
        {{ rate('row_count', 'properties_count') }} as row_rate,
        event_name as example,
        {{ part_of('row_count', 'properties_count') }} || ' events ' || {{ shown('event_name') }}
        || ' have properties that are no JSON object, so nothing is read from them. Usually a program '
        || 'wrote its own form, such as single quotes and None: write properties as JSON, '
        || 'such as {"count": 5}.' as message
    from event_counts
    where row_count > 0.01 * properties_count

)

select *
from int_property_warnings
