{#- Which users have had all their time, who of them activated, and who is a qualified lead? -#}
{{ config(materialized='view') }}

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

users_activated as (

    select user_key
    from {{ ref('int_users_activated') }}

),

scores as (

    select
        user_key,
        is_pql
    from {{ ref('int_milestone_scores') }}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

windows as (

    select longest_timeframe_hours
    from {{ ref('int_longest_windows') }}

),

int_pql_outcomes as (

    select
        members.user_key,
        members.cohort_key,
        {{ window_has_closed(
            dbt.dateadd('hour', 'windows.longest_timeframe_hours', 'members.signed_up_at')
        ) }} as is_closed,
        users_activated.user_key is not null as is_activated,
        scores.is_pql
    from members
    inner join scores on members.user_key = scores.user_key
    left join users_activated on members.user_key = users_activated.user_key
    cross join observation
    cross join windows

)

select *
from int_pql_outcomes
