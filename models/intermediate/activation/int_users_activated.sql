{#- Who activated, and when?
    A user activates with the last required milestone of a path, once all of them are completed. The
    earliest path counts. A path without a required milestone activates nobody. -#}
with

required_milestones as (

    select
        path,
        count(*) as required_count
    from {{ ref('stg_milestones') }}
    where is_required
    group by path

),

completed_milestones as (

    select
        user_key,
        path,
        count(*) as completed_count,
        max(reached_at) as completed_at
    from {{ ref('int_milestones_reached') }}
    where is_required and is_completed
    group by user_key, path

),

int_users_activated as (

    select
        completed_milestones.user_key,
        min(completed_milestones.completed_at) as activated_at
    from completed_milestones
    inner join required_milestones
        on
            completed_milestones.path = required_milestones.path
            and completed_milestones.completed_count = required_milestones.required_count
    group by completed_milestones.user_key

)

select *
from int_users_activated
