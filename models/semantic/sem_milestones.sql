{#- Which users count in the rates of each milestone, and who of them completed it, or the one
    before? -#}
with

users_by_milestone as (

    select
        user_key,
        milestone_id,
        previous_milestone_id,
        is_closed,
        is_completed,
        is_closed_with_previous and is_previous_completed as is_previous_completed
    from {{ ref('int_milestone_outcomes') }}

),

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

scorecard_milestones as (

    select
        first_milestone_id,
        second_milestone_id
    from {{ ref('int_scorecard_milestones') }}

),

sem_milestones as (

    select
        users_by_milestone.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        users_by_milestone.milestone_id,
        users_by_milestone.milestone_id = scorecard_milestones.first_milestone_id
            as is_first_milestone,
        coalesce(users_by_milestone.milestone_id = scorecard_milestones.second_milestone_id, false)
            as is_second_milestone,
        case when users_by_milestone.is_closed then 1 else 0 end as eligible_user_count,
        case when users_by_milestone.is_closed and users_by_milestone.is_completed then 1 else 0 end
            as completed_user_count,
        -- The first milestone of a path has none before it: null, not zero.
        case
            when users_by_milestone.previous_milestone_id is null then null
            when users_by_milestone.is_previous_completed then 1
            else 0
        end as previous_completed_user_count,
        case
            when users_by_milestone.previous_milestone_id is null then null
            when users_by_milestone.is_previous_completed and users_by_milestone.is_completed then 1
            else 0
        end as completed_both_user_count
    from users_by_milestone
    inner join users on users_by_milestone.user_key = users.user_key
    cross join scorecard_milestones

)

select *
from sem_milestones
