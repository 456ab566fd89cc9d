{#- When did each user first get value, and for how long do we know?
    First value counts even if it was too late to complete a milestone. A user without it is observed
    until now. -#}
with

members as (

    select
        user_key,
        anchored_at as signed_up_at,
        cohort_key,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

first_values as (

    select
        user_key,
        min(reached_at) as first_value_at
    from {{ ref('int_milestones_reached') }}
    where is_first_value
    group by user_key

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

int_users_first_value as (

    select
        members.user_key,
        members.cohort_key,
        members.is_in_rates,
        first_values.first_value_at is not null as has_first_value,
        {{ window_has_closed(
            dbt.dateadd('day', var('first_value_window_days'), 'members.signed_up_at')
        ) }} as is_window_closed,
        coalesce(
            first_values.first_value_at
            < {{ dbt.dateadd('day', var('first_value_window_days'), 'members.signed_up_at') }},
            false
        ) as is_reached_in_window,
        {{ microseconds_between('members.signed_up_at', 'first_values.first_value_at') }}
            as time_to_first_value_microseconds,
        {{ whole_days_between(
            'members.signed_up_at',
            'coalesce(first_values.first_value_at, observation.observed_until_at)'
        ) }} as observed_days
    from members
    cross join observation
    left join first_values on members.user_key = first_values.user_key

)

select *
from int_users_first_value
