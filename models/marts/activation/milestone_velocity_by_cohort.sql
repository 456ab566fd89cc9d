{#- How many users go on from each milestone to the next, how fast, and how many had done it before?
    Counted from the instant a user reached the first of the two, where the window since has closed. -#}
with

users as (

    select
        cohort_key,
        from_milestone_id,
        has_progressed,
        is_out_of_order,
        case when has_progressed then elapsed_microseconds end as elapsed_microseconds
    from {{ ref('int_users_velocity') }}

),

steps as (

    select
        path,
        milestone_id as from_milestone_id,
        next_milestone_id as to_milestone_id
    from {{ ref('int_path_steps') }}
    where next_milestone_id is not null

),

segments as (

    select
        cohort_key,
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_segments') }}
    where cohort_anchor = 'signup'

),

cohorts as (

    select distinct
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from segments

),

cells as (

    select
        cohorts.cohort_grain,
        cohorts.cohort_date,
        cohorts.segment_type,
        cohorts.segment_value,
        steps.path,
        steps.from_milestone_id,
        steps.to_milestone_id
    from cohorts
    cross join steps

),

velocities as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        users.from_milestone_id,
        count(*) as eligible_user_count,
        count(case when users.has_progressed then 1 end) as progressed_user_count,
        count(case when users.is_out_of_order then 1 end) as out_of_order_user_count,
        {{ mean_seconds('users.elapsed_microseconds') }} as mean_seconds,
        {{ percentile_seconds('users.elapsed_microseconds', 0.5) }} as median_seconds,
        {{ percentile_seconds('users.elapsed_microseconds', 0.75) }} as p75_seconds
    from users
    inner join segments on users.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        users.from_milestone_id

),

milestone_velocity_by_cohort as (

    select
        cells.cohort_grain,
        cells.cohort_date,
        cells.segment_type,
        cells.segment_value,
        cells.path,
        cells.from_milestone_id,
        cells.to_milestone_id,
        coalesce(velocities.eligible_user_count, 0) as eligible_user_count,
        coalesce(velocities.progressed_user_count, 0) as progressed_user_count,
        {{ rate('velocities.progressed_user_count', 'velocities.eligible_user_count') }}
            as progression_rate,
        coalesce(velocities.out_of_order_user_count, 0) as out_of_order_user_count,
        velocities.mean_seconds,
        velocities.median_seconds,
        velocities.p75_seconds
    from cells
    left join velocities
        on
            cells.cohort_grain = velocities.cohort_grain
            and cells.cohort_date = velocities.cohort_date
            and cells.segment_type = velocities.segment_type
            and cells.segment_value = velocities.segment_value
            and cells.from_milestone_id = velocities.from_milestone_id

)

select *
from milestone_velocity_by_cohort
