{#- How far has each user come, and which milestone comes next?
    The next one is of the path in which the user has completed most: the first by order that the user has
    not reached, in time or not. -#}
with

users as (

    select user_key
    from {{ ref('int_users') }}

),

milestones as (

    select
        milestone_id,
        milestone_order,
        path
    from {{ ref('stg_milestones') }}

),

reached as (

    select
        user_key,
        milestone_id,
        path,
        is_first_value,
        is_completed,
        reached_at
    from {{ ref('int_milestones_reached') }}

),

sums as (

    select
        user_key,
        count(case when is_completed then 1 end) as completed_milestone_count,
        min(case when is_first_value then reached_at end) as first_value_at
    from reached
    group by user_key

),

path_counts as (

    select
        user_key,
        path,
        row_number() over (partition by user_key order by count(*) desc, path) as path_number
    from reached
    where is_completed
    group by user_key, path

),

smallest_path as (

    select min(path) as path
    from milestones

),

user_paths as (

    select
        users.user_key,
        coalesce(path_counts.path, smallest_path.path) as path
    from users
    cross join smallest_path
    left join path_counts on users.user_key = path_counts.user_key and path_counts.path_number = 1

),

next_orders as (

    select
        user_paths.user_key,
        user_paths.path,
        min(milestones.milestone_order) as milestone_order
    from user_paths
    inner join milestones on user_paths.path = milestones.path
    left join reached
        on
            user_paths.user_key = reached.user_key
            and milestones.milestone_id = reached.milestone_id
    where reached.user_key is null
    group by user_paths.user_key, user_paths.path

),

int_user_progress as (

    select
        users.user_key,
        sums.first_value_at,
        milestones.milestone_id as next_milestone_id,
        coalesce(sums.completed_milestone_count, 0) as completed_milestone_count
    from users
    left join sums on users.user_key = sums.user_key
    left join next_orders on users.user_key = next_orders.user_key
    left join milestones
        on
            next_orders.path = milestones.path
            and next_orders.milestone_order = milestones.milestone_order

)

select *
from int_user_progress
