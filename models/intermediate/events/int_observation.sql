{#- Until when was the product observed, and since when?
    Until the newest record that counts, unless the var observed_until says otherwise. Only events since
    the last date with activity are read: no event that counts is newer than those. -#}
with

users as (

    select
        min(signed_up_at) as first_signup_at,
        max(signed_up_at) as last_signup_at
    from {{ ref('int_users') }}

),

activity as (

    select max(activity_date) as last_active_date
    from {{ ref('int_user_days') }}
    where is_active

),

dates as (

    select event_dates.occurred_date
    from {{ ref('int_event_dates') }} as event_dates
    cross join activity
    where
        activity.last_active_date is null
        -- Also the date before: if clocks go back past midnight, its end is the newer one.
        or event_dates.occurred_date
        >= cast({{ dbt.dateadd('day', -1, 'activity.last_active_date') }} as date)

),

events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'occurred_date in (select occurred_date from dates)'
    ) }}

),

last_events as (

    select max(occurred_at) as last_event_at
    from events

),

records as (

    select
        users.first_signup_at,
        greatest(
            users.last_signup_at, coalesce(last_events.last_event_at, users.last_signup_at)
        ) as last_record_at
    from users
    cross join last_events

),

observations as (

    select
        first_signup_at,
        last_record_at,
        {{ observed_until() or 'last_record_at' }} as observed_until_at,
        {{ observed_from() or 'cast(null as timestamp)' }} as observed_from_at
    from records

),

int_observation as (

    select
        first_signup_at,
        {{ local_date('first_signup_at') }} as first_signup_date,
        last_record_at,
        observed_until_at,
        observed_from_at,
        {{ local_date('observed_until_at') }} as observed_until_date,
        '{{ reporting_timezone() }}' as reporting_timezone
    from observations

)

select *
from int_observation
