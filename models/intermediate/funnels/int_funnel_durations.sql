{#- How long do users take to each step of a funnel, by cohort and segment?
    Percentiles by their places in order: a sort can leave memory for the disk, an aggregate of all values
    can't. -#}
with

cohorts as (

    select
        cohort_key,
        {{ cohort_columns() }},
        dense_rank() over (order by {{ cohort_columns() }}) as group_key
    from {{ ref('int_funnel_cohorts') }}

),

steps as (

    select
        funnel_id,
        step_number,
        row_number() over (order by funnel_id, step_number) as step_key
    from {{ ref('int_funnel_steps') }}

),

reached_users as (

    select
        outcomes.cohort_key,
        steps.step_key,
        {{ microseconds_between('outcomes.previous_at', 'outcomes.reached_at') }}
            as step_microseconds,
        {{ microseconds_between('outcomes.entered_at', 'outcomes.reached_at') }}
            as funnel_microseconds
    from {{ ref('int_funnel_outcomes') }} as outcomes
    inner join steps
        on outcomes.funnel_id = steps.funnel_id and outcomes.step_number = steps.step_number
    where outcomes.is_eligible and not outcomes.is_first and outcomes.reached_at is not null

),

placed_users as (

    select
        cohorts.group_key,
        reached_users.step_key,
        reached_users.step_microseconds,
        reached_users.funnel_microseconds,
        count(*) over (partition by cohorts.group_key, reached_users.step_key) as user_count,
        row_number() over (
            partition by cohorts.group_key, reached_users.step_key
            order by reached_users.step_microseconds
        ) as step_place,
        row_number() over (
            partition by cohorts.group_key, reached_users.step_key
            order by reached_users.funnel_microseconds
        ) as funnel_place
    from reached_users
    inner join cohorts on reached_users.cohort_key = cohorts.cohort_key

),

durations as (

    select
        group_key,
        step_key,
        {{ mean_seconds('step_microseconds') }} as mean_seconds,
        {{ percentile_of_places('step_microseconds', 'step_place', 'user_count', 0.5) }}
            as median_seconds,
        {{ percentile_of_places('step_microseconds', 'step_place', 'user_count', 0.75) }}
            as p75_seconds,
        {{ percentile_of_places('funnel_microseconds', 'funnel_place', 'user_count', 0.5) }}
            as median_seconds_from_entry
    from placed_users
    group by group_key, step_key

),

cohort_groups as (

    select distinct
        group_key,
        {{ cohort_columns() }}
    from cohorts

),

int_funnel_durations as (

    select
        {{ cohort_columns('cohort_groups') }},
        steps.funnel_id,
        steps.step_number,
        durations.mean_seconds,
        durations.median_seconds,
        durations.p75_seconds,
        durations.median_seconds_from_entry
    from durations
    inner join cohort_groups on durations.group_key = cohort_groups.group_key
    inner join steps on durations.step_key = steps.step_key

)

select *
from int_funnel_durations
