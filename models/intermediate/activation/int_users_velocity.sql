{#- For each user who reached a milestone: did they reach the next one of its path in time, and
    when, or before?
    Only where the window since reaching the first of the two has closed. -#}
with

members as (

    select
        user_key,
        cohort_key,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

steps as (

    select
        milestone_id,
        next_milestone_id
    from {{ ref('int_path_steps') }}
    where next_milestone_id is not null

),

reached as (

    select
        user_key,
        milestone_id,
        reached_at
    from {{ ref('int_milestones_reached') }}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

closed_windows as (

    select
        reached.user_key,
        members.cohort_key,
        steps.milestone_id as from_milestone_id,
        steps.next_milestone_id as to_milestone_id,
        reached.reached_at as from_reached_at,
        {{ dbt.dateadd('day', var('velocity_window_days'), 'reached.reached_at') }} as deadline_at
    from reached
    inner join steps on reached.milestone_id = steps.milestone_id
    inner join members on reached.user_key = members.user_key
    cross join observation
    where
        {{ window_has_closed(
            dbt.dateadd('day', var('velocity_window_days'), 'reached.reached_at')
        ) }}

),

int_users_velocity as (

    select
        closed_windows.user_key,
        closed_windows.cohort_key,
        closed_windows.from_milestone_id,
        closed_windows.to_milestone_id,
        coalesce(
            reached.reached_at >= closed_windows.from_reached_at
            and reached.reached_at < closed_windows.deadline_at,
            false
        ) as has_progressed,
        coalesce(reached.reached_at < closed_windows.from_reached_at, false) as is_out_of_order,
        {{ microseconds_between('closed_windows.from_reached_at', 'reached.reached_at') }}
            as elapsed_microseconds
    from closed_windows
    left join reached
        on
            closed_windows.user_key = reached.user_key
            and closed_windows.to_milestone_id = reached.milestone_id

)

select *
from int_users_velocity
