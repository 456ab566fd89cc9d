{#- Which two milestones does the scorecard show?
    The first of all by (order, id), and the next one in its path, if there is one. -#}
with

steps as (

    select
        milestone_id,
        timeframe_hours,
        next_milestone_id,
        row_number() over (order by milestone_order, milestone_id) as position_number
    from {{ ref('int_path_steps') }}

),

int_scorecard_milestones as (

    select
        first_steps.milestone_id as first_milestone_id,
        first_steps.timeframe_hours as first_timeframe_hours,
        second_steps.milestone_id as second_milestone_id,
        greatest(first_steps.timeframe_hours, second_steps.timeframe_hours)
            as longer_timeframe_hours
    from steps as first_steps
    left join steps as second_steps on first_steps.next_milestone_id = second_steps.milestone_id
    where first_steps.position_number = 1

)

select *
from int_scorecard_milestones
