{#- Whoever comes to a step has reached the required step before: neither more users nor fewer.
    All eligible users come to the first step. Users with friction or without it are all who come
    to the step. -#}
with

steps as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        funnel_id,
        step_number,
        is_optional,
        eligible_user_count,
        previous_user_count,
        reached_user_count
    from {{ ref('funnel_conversion_by_cohort') }}

),

expected_counts as (

    select
        steps.funnel_id,
        steps.step_number,
        steps.previous_user_count,
        min(coalesce(earlier_steps.reached_user_count, steps.eligible_user_count)) as expected_count
    from steps
    left join steps as earlier_steps
        on
            {{ same_cohort('steps', 'earlier_steps') }}
            and steps.funnel_id = earlier_steps.funnel_id
            and steps.step_number > earlier_steps.step_number
            and not earlier_steps.is_optional
    group by
        {{ cohort_columns('steps') }},
        steps.funnel_id,
        steps.step_number,
        steps.previous_user_count

),

at_steps as (

    select
        friction.funnel_id,
        friction.step_number,
        friction.at_step_user_count,
        steps.previous_user_count as expected_count
    from {{ ref('friction_by_funnel_step') }} as friction
    left join steps
        on
            friction.funnel_id = steps.funnel_id
            and friction.step_number = steps.step_number
            and steps.cohort_grain = 'all'
            and steps.segment_type = 'all'

)

select
    'funnel_conversion_by_cohort' as mart,
    funnel_id,
    step_number,
    previous_user_count as found,
    expected_count
from expected_counts
where previous_user_count <> expected_count
union all
select
    'friction_by_funnel_step' as mart,
    funnel_id,
    step_number,
    at_step_user_count as found,
    expected_count
from at_steps
where at_step_user_count <> coalesce(expected_count, 0)
