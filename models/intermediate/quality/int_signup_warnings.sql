{#- Are the dates of signup those on which people signed up, and do they fit the events? -#}
{%- set is_early = 'users.signed_up_at < events.first_event_at' ~ (
    ' and users.signed_up_at >= ' ~ observed_from() if observed_from() else ''
) -%}
with

users as (

    select
        user_id,
        signed_up_at,
        {{ utc_date('signed_up_at') }} as signup_date
    from {{ ref('int_users') }}

),

events as (

    select
        min(case when removed_by is null then first_occurred_at end) as first_event_at,
        -- Then the dates of signup are wrong, and the events do not begin late.
        coalesce(
            sum(case when removed_by = 'before_signup' then row_count else 0 end)
            > 0.05 * sum(row_count),
            1 = 0
        ) as has_earlier_events
    from {{ ref('int_event_counts') }}

),

signups as (

    select
        count(*) as user_count,
        count(distinct users.signup_date) as date_count,
        count(case when {{ is_early }} then 1 end) as early_count,
        min(case when {{ is_early }} then users.user_id end) as early_example,
        cast({{ utc_date('min(events.first_event_at)') }} as {{ dbt.type_string() }})
            as first_event_date,
        min(case when events.has_earlier_events then 1 else 0 end) as has_earlier_events
    from users
    cross join events

),

signup_dates as (

    select
        cast(signup_date as {{ dbt.type_string() }}) as signup_date,
        count(*) as row_count,
        min(user_id) as example
    from users
    group by signup_date

),

int_signup_warnings as (

    select
        'signups_before_first_event' as warning_id,
        'users' as table_name,
        'created_at' as subject,
        early_count as row_count,
        {{ rate('early_count', 'user_count') }} as row_rate,
        early_example as example,
        {{ part_of('early_count', 'user_count') }} || ' users signed up before the first event '
        || 'of all, '
        || 'such as ' || {{ shown('early_example') }} || ': what they did first is missing. '
        || case
            when has_earlier_events = 1
                then
                    'Events of theirs lie before created_at and do not count: write the first '
                    || 'signup into created_at.'
            else
                'Usually the history of the events begins later than that of users: set the var '
                || 'observed_from to ' || first_event_date || ', so that no rate counts them.'
        end as message
    from signups
    where early_count > 0.05 * user_count
    union all
    select
        'signups_on_one_date' as warning_id,
        'users' as table_name,
        signup_dates.signup_date as subject,
        signup_dates.row_count,
        {{ rate('signup_dates.row_count', 'signups.user_count') }} as row_rate,
        signup_dates.example,
        {{ part_of('signup_dates.row_count', 'signups.user_count') }} || ' users signed up on '
        || signup_dates.signup_date || ', such as ' || {{ shown('signup_dates.example') }}
        || '. Usually this is the date of a migration: write the first signup into created_at.'
            as message
    from signup_dates
    cross join signups
    where
        signup_dates.row_count > 0.2 * signups.user_count
        and signups.user_count >= 100
        and signups.date_count >= 30

)

select *
from int_signup_warnings
