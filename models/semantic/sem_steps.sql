{#- Which users count in the velocity from each milestone to the next, and how long did they take?
    A user who never reached the first of the two has a row, too, so that no cohort is missing. -#}
with

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

steps as (

    select
        path,
        milestone_id as from_milestone_id,
        next_milestone_id as to_milestone_id
    from {{ ref('int_path_steps') }}
    where next_milestone_id is not null

),

users_velocity as (

    select
        user_key,
        from_milestone_id,
        has_progressed,
        case when has_progressed then {{ seconds('elapsed_microseconds') }} end as elapsed_seconds
    from {{ ref('int_users_velocity') }}

),

scorecard_milestones as (

    select
        first_milestone_id,
        second_milestone_id
    from {{ ref('int_scorecard_milestones') }}

),

sem_steps as (

    select
        users.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        steps.path,
        steps.from_milestone_id,
        steps.to_milestone_id,
        users_velocity.elapsed_seconds,
        coalesce(
            steps.from_milestone_id = scorecard_milestones.first_milestone_id
            and steps.to_milestone_id = scorecard_milestones.second_milestone_id,
            false
        ) as is_first_step,
        case when users_velocity.user_key is not null then 1 else 0 end as eligible_user_count,
        case when users_velocity.has_progressed then 1 else 0 end as progressed_user_count
    from users
    cross join steps
    cross join scorecard_milestones
    left join users_velocity
        on
            users.user_key = users_velocity.user_key
            and steps.from_milestone_id = users_velocity.from_milestone_id

)

select *
from sem_steps
