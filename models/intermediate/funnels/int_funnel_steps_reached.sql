{#- Which steps of a funnel has each user reached, when, and when the required step before? -#}
{{ config(materialized='view') }}

with

int_funnel_steps_reached as (

    select
        user_key,
        funnel_id,
        step_number,
        is_optional,
        is_first,
        cohort_key,
        is_eligible,
        entered_at,
        previous_at,
        reached_at
    from {{ ref('int_funnel_outcomes') }}
    where reached_at is not null

)

select *
from int_funnel_steps_reached
