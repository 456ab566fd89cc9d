{#- For each user and milestone: has its timeframe closed, was it completed, and the one before it?
    A step between two milestones counts only users for whom both timeframes have closed. -#}
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

steps as (

    select
        milestone_id,
        milestone_order,
        timeframe_hours,
        previous_milestone_id,
        greatest(timeframe_hours, previous_timeframe_hours) as longer_timeframe_hours
    from {{ ref('int_path_steps') }}

),

completed as (

    select
        user_key,
        milestone_id
    from {{ ref('int_milestones_reached') }}
    where is_completed

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

int_milestone_outcomes as (

    select
        members.user_key,
        members.cohort_key,
        steps.milestone_id,
        steps.milestone_order,
        steps.previous_milestone_id,
        {{ window_has_closed(
            dbt.dateadd('hour', 'steps.timeframe_hours', 'members.signed_up_at')
        ) }} as is_closed,
        steps.previous_milestone_id is not null
        and {{ window_has_closed(
            dbt.dateadd('hour', 'steps.longer_timeframe_hours', 'members.signed_up_at')
        ) }} as is_closed_with_previous,
        completed.user_key is not null as is_completed,
        previously_completed.user_key is not null as is_previous_completed
    from members
    cross join steps
    cross join observation
    left join completed
        on
            members.user_key = completed.user_key
            and steps.milestone_id = completed.milestone_id
    left join completed as previously_completed
        on
            members.user_key = previously_completed.user_key
            and steps.previous_milestone_id = previously_completed.milestone_id

)

select *
from int_milestone_outcomes
