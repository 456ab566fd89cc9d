{#- Are the times of events only dates, which a time zone other than UTC would move? -#}
with

event_rows as (

    select
        event_name,
        row_count,
        midnight_row_count
    from {{ ref('int_event_counts') }}
    where removed_by is null
    union all
    -- int_event_counts counts every copy.
    select
        event_name,
        -1 as row_count,
        case
            when occurred_at = cast({{ utc_date('occurred_at') }} as timestamp) then -1
            else 0
        end as midnight_row_count
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

event_names as (

    select
        event_name,
        {{ sum_as_bigint('row_count') }} as event_count,
        {{ sum_as_bigint('midnight_row_count') }} as midnight_count
    from event_rows
    group by event_name

),

counts as (

    select
        {{ sum_as_bigint('event_count') }} as event_count,
        {{ sum_as_bigint('midnight_count') }} as midnight_count,
        min(case when midnight_count > 0 then event_name end) as example
    from event_names

),

int_date_only_warnings as (

    select
        'date_only_times' as warning_id,
        'events' as table_name,
        'timestamp' as subject,
        midnight_count as row_count,
        {{ rate('midnight_count', 'event_count') }} as row_rate,
        example,
        {{ part_of('midnight_count', 'event_count') }} || ' events are at exactly midnight UTC, '
        || 'such as ' || {{ shown('example') }}
        || '. Usually they have a date without a time, which means midnight UTC: in '
        || '{{ reporting_timezone() }} this can be the date before. Set the var '
        || 'reporting_timezone to UTC.' as message
    from counts
    where
        midnight_count > 0.5 * event_count
        and {{ '1 = 0' if reporting_timezone() == 'UTC' else '1 = 1' }}

)

select *
from int_date_only_warnings
