{#- What counts in the 24 hours that end with the newest record, and which record is that?
    Of the events, only those of the last two dates are read. -#}
{%- set hours_start = dbt.dateadd('hour', -24, 'last_record_at') -%}
with

observation as (

    select
        last_record_at,
        {{ utc_date(hours_start) }} as first_date,
        -- No time zone is more than one date behind UTC.
        cast({{ dbt.dateadd('day', -1, utc_date(hours_start)) }} as date) as first_local_date,
        {{ hours_start }} as hours_start_at
    from {{ ref('int_observation') }}

),

users as (

    select
        user_key,
        user_id,
        signed_up_at
    from {{ ref('int_users') }}

),

last_events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'occurred_date >= (select observation.first_local_date from observation)'
    ) }}

),

instants as (

    select
        user_key,
        'the signup' as record_name,
        signed_up_at as instant_at
    from users
    where {{ utc_date('signed_up_at') }} >= (select observation.first_date from observation)
    union all
    select
        user_key,
        'the event ' || event_name as record_name,
        occurred_at as instant_at
    from last_events
    where {{ utc_date('occurred_at') }} >= (select observation.first_date from observation)

),

newest_instants as (

    -- The newest one is within the hours; what is exactly 24 hours before it is not.
    select
        count(case when instants.instant_at > observation.hours_start_at then 1 end) as row_count,
        count(case when instants.instant_at <= observation.hours_start_at then 1 end)
            as earlier_row_count
    from instants
    cross join observation

),

newest_records as (

    -- Of several that are equally new, the smallest name and user.
    select
        instants.record_name,
        users.user_id,
        row_number() over (order by instants.record_name, users.user_id) as place
    from instants
    inner join users on instants.user_key = users.user_key
    inner join observation on instants.instant_at = observation.last_record_at

),

int_newest_instants as (

    select
        observation.last_record_at,
        observation.hours_start_at,
        observation.first_date,
        newest_records.record_name,
        newest_records.user_id,
        newest_instants.row_count,
        newest_instants.earlier_row_count
    from observation
    cross join newest_instants
    inner join newest_records on newest_records.place = 1

)

select *
from int_newest_instants
