{#- Where do the milestones lose the most users?
    Read: one row per step, from the signup or the milestone before to the milestone; the step at
    the top loses the most users. lost_user_count is the size of the prize, continuation_rate (the
    share of those who completed the one before) the difficulty. median_days is the time that the
    step takes.
    Pitfall: conversion is conditional: only keen users see a late step, so its rate is no forecast
    for everybody. Losing users before an optional milestone (is_required in milestones.csv) costs
    no activation. did_it_before_rate counts users who did the step in the other order; where it is
    high, people don't work in the order of the milestones. median_days and did_it_before_rate
    include users who reached the one before too late. -#}
with

completion as (

    select
        milestone_id,
        eligible_user_count,
        completed_user_count,
        previous_completed_user_count,
        completed_both_user_count
    from {{ ref('milestone_completion_by_cohort') }}
    where cohort_grain = 'all' and segment_type = 'all'

),

velocity as (

    select
        from_milestone_id,
        to_milestone_id,
        eligible_user_count,
        out_of_order_user_count,
        median_seconds
    from {{ ref('milestone_velocity_by_cohort') }}
    where cohort_grain = 'all' and segment_type = 'all'

),

steps as (

    select
        coalesce(velocity.from_milestone_id, 'signup') as from_step,
        completion.milestone_id as to_step,
        -- The first milestone of a path has none before it: all whose timeframe has closed enter.
        coalesce(completion.previous_completed_user_count, completion.eligible_user_count)
            as entered_user_count,
        coalesce(completion.completed_both_user_count, completion.completed_user_count)
            as continued_user_count,
        velocity.median_seconds / 86400 as median_days,
        {{ rate('velocity.out_of_order_user_count', 'velocity.eligible_user_count') }}
            as did_it_before_rate
    from completion
    left join velocity on completion.milestone_id = velocity.to_milestone_id

),

steps_with_rates as (

    select
        *,
        entered_user_count - continued_user_count as lost_user_count,
        {{ rate_with_interval('continuation_rate', 'continued_user_count', 'entered_user_count') }}
    from steps

),

milestone_steps_by_loss as (

    select
        from_step,
        to_step,
        entered_user_count,
        continued_user_count,
        lost_user_count,
        {{ rounded_rate('continuation_rate') }},
        cast(median_days as decimal(9, 2)) as median_days,
        cast(did_it_before_rate as decimal(9, 3)) as did_it_before_rate
    from steps_with_rates

)

select *
from milestone_steps_by_loss
order by lost_user_count desc, from_step asc, to_step asc
