{#- What comes before and after each milestone in its path? -#}
with

milestones as (

    select
        milestone_id,
        milestone_order,
        path,
        timeframe_hours
    from {{ ref('stg_milestones') }}

),

int_path_steps as (

    select
        milestone_id,
        milestone_order,
        path,
        timeframe_hours,
        lag(milestone_id) over (partition by path order by milestone_order)
            as previous_milestone_id,
        lag(timeframe_hours) over (partition by path order by milestone_order)
            as previous_timeframe_hours,
        lead(milestone_id) over (partition by path order by milestone_order)
            as next_milestone_id
    from milestones

)

select *
from int_path_steps
