{#- For each ordered pair of milestones: who reached the first of them in the first week, and who reached
    the second one later?
    Whoever had reached the second one in the first week can't reach it later, and is left out. -#}
with

reached as (

    select
        user_key,
        milestone_id,
        is_in_first_week
    from {{ ref('int_first_month_milestones') }}

),

users as (

    select count(distinct user_key) as user_count
    from reached

),

milestones as (

    -- Of each milestone: users who reached it in the first week, and those who did so later.
    select
        milestones.milestone_id,
        count(case when reached.is_in_first_week then 1 end) as early_user_count,
        count(case when not reached.is_in_first_week then 1 end) as late_user_count
    from {{ ref('stg_milestones') }} as milestones
    left join reached on milestones.milestone_id = reached.milestone_id
    group by milestones.milestone_id

),

reached_both as (

    select
        reached.milestone_id,
        reached_next.milestone_id as next_milestone_id,
        count(case when reached_next.is_in_first_week then 1 end) as early_user_count,
        count(case when not reached_next.is_in_first_week then 1 end) as late_user_count
    from reached
    inner join reached as reached_next on reached.user_key = reached_next.user_key
    where reached.is_in_first_week
    group by reached.milestone_id, reached_next.milestone_id

),

int_dependence_counts as (

    select
        milestones.milestone_id,
        next_milestones.milestone_id as next_milestone_id,
        users.user_count - next_milestones.early_user_count as eligible_user_count,
        next_milestones.late_user_count as reached_user_count,
        milestones.early_user_count - coalesce(reached_both.early_user_count, 0)
            as done_user_count,
        coalesce(reached_both.late_user_count, 0) as done_reached_user_count
    from milestones
    inner join milestones as next_milestones
        on milestones.milestone_id <> next_milestones.milestone_id
    cross join users
    left join reached_both
        on
            milestones.milestone_id = reached_both.milestone_id
            and next_milestones.milestone_id = reached_both.next_milestone_id
    -- Without a user there is nothing to say.
    where exists (select 1 from {{ ref('int_users') }})

)

select *
from int_dependence_counts
