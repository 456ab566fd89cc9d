{#- Does the newest record of all lie alone, long after the others?
    Of the events, only those of the last two dates are read; the rest comes from counts by date.
    -#}
{%- set hours_start = dbt.dateadd('hour', -24, 'last_record_at') -%}
with

observation as (

    select
        last_record_at,
        cast(last_record_at as date) as last_date,
        cast({{ hours_start }} as date) as first_date,
        {{ hours_start }} as hours_start_at
    from {{ ref('int_observation') }}

),

users as (

    select signed_up_at
    from {{ ref('int_users') }}

),

last_events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'occurred_date >= (select observation.first_date from observation)'
    ) }}

),

instants as (

    select signed_up_at as instant_at
    from users
    union all
    select occurred_at as instant_at
    from last_events

),

newest_instants as (

    -- The newest one is within the hours; what is exactly 24 hours before it is not.
    select count(*) as row_count
    from instants
    cross join observation
    where instants.instant_at > observation.hours_start_at

),

dates as (

    select
        record_date,
        row_count
    from {{ ref('int_record_dates') }}

),

dates_before as (

    select
        dates.row_count,
        row_number() over (order by dates.record_date desc) as place
    from dates
    cross join observation
    where {{ dbt.dateadd('day', 1, 'dates.record_date') }} <= observation.hours_start_at

),

usual_counts as (

    select
        count(*) as date_count,
        {{ percentile('cast(row_count as ' ~ engine_type('double') ~ ')', 0.5) }} as median_count
    from dates_before
    where place <= 28

),

int_newest_instant_warnings as (

    select
        'newest_instant_alone' as warning_id,
        'events' as table_name,
        'observed_until_at' as subject,
        newest_instants.row_count,
        newest_instants.row_count / usual_counts.median_count as row_rate,
        cast(observation.last_date as {{ dbt.type_string() }}) as example,
        'The last 24 hours hold ' || {{ as_text('newest_instants.row_count') }}
        || ' signups and events, a usual day before them '
        || {{ as_text('cast(floor(usual_counts.median_count) as bigint)') }}
        || ': the newest, of ' || cast(observation.last_date as {{ dbt.type_string() }})
        || ', closes every window. Usually its clock was wrong: set the var observed_until to the '
        || 'end of your data, or correct its time.' as message
    from newest_instants
    cross join usual_counts
    cross join observation
    where
        usual_counts.date_count >= 14
        and newest_instants.row_count < 0.01 * usual_counts.median_count
        and {{ '1 = 0' if observed_until() else '1 = 1' }}

)

select *
from int_newest_instant_warnings
