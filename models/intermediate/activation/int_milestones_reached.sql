{#- Which milestones has each user reached, when, and was it in time?
    A milestone is completed before its timeframe ends, not at its end. -#}
with

reached_milestones as (

    select
        user_key,
        milestone_id,
        reached_at
    from {{ ref('int_milestone_reach_history') }}
    where reached_at is not null

),

milestones as (

    select
        milestone_id,
        path,
        weight,
        is_required,
        is_first_value,
        timeframe_hours
    from {{ ref('stg_milestones') }}

),

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

int_milestones_reached as (

    select
        users.user_key,
        milestones.milestone_id,
        milestones.path,
        milestones.weight,
        milestones.is_required,
        milestones.is_first_value,
        reached_milestones.reached_at,
        reached_milestones.reached_at
        < {{ dbt.dateadd('hour', 'milestones.timeframe_hours', 'users.signed_up_at') }}
            as is_completed
    from reached_milestones
    inner join milestones on reached_milestones.milestone_id = milestones.milestone_id
    inner join users on reached_milestones.user_key = users.user_key

)

select *
from int_milestones_reached
