{#- Which step of which funnel loses the most people, and does friction go with it?
    Read: one row per required step, the largest loss first. drop_off_rate is the share of those who came
    to the step and did not go on, with its 95 % interval. excluded_user_count of them had an event that
    ends the attempt (funnel_exclusions.csv). median_hours is the time of those who went on. friction
    names the event of event_catalog.csv that hinders most here, beyond chance; lost_with_friction bounds
    what it costs: the users who met it, times the difference of the rates with and without it.
    Pitfall: a step at the end loses fewer people because fewer come to it: compare drop_off_rate, too.
    Friction goes with drop-off; it need not be its cause. Users whose window is still open are in no
    number. For who does better, see the mart segment_tests. -#}
with

steps as (

    select
        funnel_id,
        step_number,
        step_name,
        previous_user_count,
        dropped_user_count,
        dropped_with_exclusion_user_count,
        median_seconds,
        {{ rate_with_interval('drop_off_rate', 'dropped_user_count', 'previous_user_count') }}
    from {{ ref('funnel_conversion_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type = 'all' and not is_optional
        and previous_user_count > 0

),

first_steps as (

    select
        funnel_id,
        min(step_number) as first_step_number
    from steps
    group by funnel_id

),

frictions as (

    select
        funnel_id,
        step_number,
        event_name,
        friction_user_count * -rate_difference as lost_with_friction,
        row_number() over (
            partition by funnel_id, step_number
            order by friction_user_count * rate_difference asc, event_name asc
        ) as place
    from {{ ref('friction_by_funnel_step') }}
    where verdict = 'hinders'

),

funnel_step_to_fix as (

    select
        steps.funnel_id,
        steps.step_number,
        steps.step_name,
        steps.previous_user_count as came_user_count,
        steps.dropped_user_count as lost_user_count,
        {{ rounded_rate('steps.drop_off_rate') }},
        steps.dropped_with_exclusion_user_count as excluded_user_count,
        cast(steps.median_seconds / 3600 as decimal(18, 1)) as median_hours,
        coalesce(frictions.event_name, 'none shown') as friction,
        cast(coalesce(frictions.lost_with_friction, 0) as decimal(18, 0)) as lost_with_friction
    from steps
    inner join first_steps
        on
            steps.funnel_id = first_steps.funnel_id
            and steps.step_number > first_steps.first_step_number
    left join frictions
        on
            steps.funnel_id = frictions.funnel_id
            and steps.step_number = frictions.step_number
            and frictions.place = 1

)

select *
from funnel_step_to_fix
order by lost_user_count desc, funnel_id asc, step_number asc
