{#- Does the newest record of all lie alone, long after the others?
    Of the events, only those of the last two dates are read; the rest comes from counts by date. -#}
{%- set hours_start = dbt.dateadd('hour', -24, 'observation.last_record_at') -%}
with

observation as (

    select
        last_record_at,
        cast(last_record_at as date) as last_date,
        cast({{ hours_start }} as date) as first_date,
        {{ hours_start }} as hours_start_at
    from {{ ref('int_observation') }} as observation

),

users as (

    select
        signed_up_at,
        cast(signed_up_at as date) as signup_date
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

    -- The newest one belongs to the hours, and what is just as long before it as they last does not.
    select count(*) as row_count
    from instants
    cross join observation
    where instants.instant_at > observation.hours_start_at

),

date_rows as (

    select
        signup_date as record_date,
        1 as row_count
    from users
    union all
    select
        occurred_date as record_date,
        row_count
    from {{ ref('int_event_counts') }}
    where removed_by is null
    union all
    select
        occurred_date as record_date,
        -1 as row_count
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

dates as (

    select
        record_date,
        sum(row_count) as row_count
    from date_rows
    group by record_date
    having sum(row_count) > 0

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
        || ' signups and events, a day before them ' || {{ as_text('cast(usual_counts.median_count as bigint)') }}
        || ': the newest, of ' || cast(observation.last_date as {{ dbt.type_string() }})
        || ', closes every window. Usually its clock was wrong: set the var observed_until to the end '
        || 'of your data, or correct its time.' as message
    from newest_instants
    cross join usual_counts
    cross join observation
    where
        usual_counts.date_count >= 14
        and newest_instants.row_count < 0.01 * usual_counts.median_count
        {% if observed_until() -%}
        and 1 = 0
        {%- endif %}

)

select *
from int_newest_instant_warnings
