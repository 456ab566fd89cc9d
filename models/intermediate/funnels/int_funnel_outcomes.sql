{#- Who came to each step of a funnel, and who went on to take it?
    A user comes to a step by the required step before it. -#}
{{ config(materialized='view') }}

with

history as (

    select
        user_key,
        funnel_id,
        step_number,
        previous_at,
        reached_at,
        excluded_at
    from {{ ref('int_funnel_step_history') }}

),

attempts as (

    select
        user_key,
        funnel_id,
        cohort_key,
        entered_at,
        deadline_at,
        is_eligible
    from {{ ref('int_funnel_attempts') }}

),

steps as (

    select
        funnel_id,
        step_number,
        is_optional,
        is_first
    from {{ ref('int_funnel_steps') }}

),

int_funnel_outcomes as (

    select
        history.user_key,
        history.funnel_id,
        history.step_number,
        steps.is_optional,
        steps.is_first,
        attempts.cohort_key,
        attempts.entered_at,
        attempts.deadline_at,
        attempts.is_eligible,
        history.previous_at,
        history.reached_at,
        history.excluded_at
    from history
    inner join attempts
        on history.user_key = attempts.user_key and history.funnel_id = attempts.funnel_id
    inner join steps
        on history.funnel_id = steps.funnel_id and history.step_number = steps.step_number
    where history.previous_at is not null or history.reached_at is not null

)

select *
from int_funnel_outcomes
