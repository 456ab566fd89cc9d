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

cohorts as (

    select distinct
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_segments') }}
    where cohort_anchor = 'signup'

),

velocities as (

    {% call aggregate_over_cohorts(
        'users', ref('int_cohort_segments'), by=['from_milestone_id']
    ) %}
        count(*) as eligible_user_count,
        count(case when has_progressed then 1 end) as progressed_user_count,
        count(case when is_out_of_order then 1 end) as out_of_order_user_count,
        {{ mean_seconds('elapsed_microseconds') }} as mean_seconds,
        {{ percentile_seconds('elapsed_microseconds', 0.5) }} as median_seconds,
        {{ percentile_seconds('elapsed_microseconds', 0.75) }} as p75_seconds
    {% endcall %}

),

milestone_velocity_by_cohort as (

    select
        {{ cohort_columns('cohorts') }},
        steps.path,
        steps.from_milestone_id,
        steps.to_milestone_id,
        coalesce(velocities.eligible_user_count, 0) as eligible_user_count,
        coalesce(velocities.progressed_user_count, 0) as progressed_user_count,
        {{ rate('velocities.progressed_user_count', 'velocities.eligible_user_count') }}
            as progression_rate,
        coalesce(velocities.out_of_order_user_count, 0) as out_of_order_user_count,
        velocities.mean_seconds,
        velocities.median_seconds,
        velocities.p75_seconds
    from cohorts
    cross join steps
    left join velocities
        on
            {{ same_cohort('cohorts', 'velocities') }}
            and steps.from_milestone_id = velocities.from_milestone_id

)

select *
from milestone_velocity_by_cohort
