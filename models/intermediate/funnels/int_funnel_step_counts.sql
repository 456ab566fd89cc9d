{#- How many users entered each funnel, came to each of its steps, and took it?
    Counted for users who share week, month and segments. Only users whose window has closed come to a step
    here, and nobody leaves a denominator for what came later. -#}
with

entered as (

    select
        cohort_key,
        funnel_id,
        count(*) as entered_user_count,
        count(case when is_eligible then 1 end) as eligible_user_count
    from {{ ref('int_funnel_attempts') }}
    group by cohort_key, funnel_id

),

came as (

    select
        cohort_key,
        funnel_id,
        step_number,
        count(*) as previous_user_count,
        count(reached_at) as reached_user_count,
        count(case when reached_at is null then excluded_at end)
            as dropped_with_exclusion_user_count
    from {{ ref('int_funnel_outcomes') }}
    where is_eligible
    group by cohort_key, funnel_id, step_number

),

int_funnel_step_counts as (

    select
        entered.cohort_key,
        entered.funnel_id,
        steps.step_number,
        entered.entered_user_count,
        entered.eligible_user_count,
        coalesce(came.previous_user_count, 0) as previous_user_count,
        coalesce(came.reached_user_count, 0) as reached_user_count,
        coalesce(came.dropped_with_exclusion_user_count, 0) as dropped_with_exclusion_user_count
    from entered
    inner join {{ ref('int_funnel_steps') }} as steps on entered.funnel_id = steps.funnel_id
    left join came
        on
            entered.cohort_key = came.cohort_key
            and entered.funnel_id = came.funnel_id
            and steps.step_number = came.step_number

)

select *
from int_funnel_step_counts
