{#- How many users came to each step, how many of them met each kind of friction, and who went on?
    Every required step but the first, and every kind of friction, with zeros. -#}
with

at_steps as (

    select
        funnel_id,
        step_number,
        count(*) as at_step_user_count,
        count(reached_at) as reached_user_count
    from {{ ref('int_funnel_outcomes') }}
    where is_eligible
    group by funnel_id, step_number

),

with_friction as (

    select
        outcomes.funnel_id,
        outcomes.step_number,
        friction.event_name,
        count(*) as friction_user_count,
        count(outcomes.reached_at) as reached_with_friction_user_count
    from {{ ref('int_funnel_friction') }} as friction
    inner join {{ ref('int_funnel_outcomes') }} as outcomes
        on
            friction.user_key = outcomes.user_key
            and friction.funnel_id = outcomes.funnel_id
            and friction.step_number = outcomes.step_number
    group by outcomes.funnel_id, outcomes.step_number, friction.event_name

),

int_funnel_friction_counts as (

    select
        steps.funnel_id,
        steps.step_number,
        catalog.event_name,
        coalesce(at_steps.at_step_user_count, 0) as at_step_user_count,
        coalesce(at_steps.reached_user_count, 0) as reached_user_count,
        coalesce(with_friction.friction_user_count, 0) as friction_user_count,
        coalesce(with_friction.reached_with_friction_user_count, 0)
            as reached_with_friction_user_count
    from {{ ref('int_funnel_steps') }} as steps
    cross join {{ ref('stg_event_catalog') }} as catalog
    left join at_steps
        on steps.funnel_id = at_steps.funnel_id and steps.step_number = at_steps.step_number
    left join with_friction
        on
            steps.funnel_id = with_friction.funnel_id
            and steps.step_number = with_friction.step_number
            and catalog.event_name = with_friction.event_name
    where not steps.is_optional and not steps.is_first and catalog.is_friction

)

select *
from int_funnel_friction_counts
