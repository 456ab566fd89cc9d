{#- What share of each signup cohort completes each milestone, and goes on from the one before?
    Both only over users whose timeframes have closed. -#}
with

users as (

    select
        cohort_key,
        milestone_id,
        milestone_order,
        previous_milestone_id,
        is_closed,
        is_completed,
        is_closed_with_previous and is_previous_completed as is_from_previous
    from {{ ref('int_milestone_outcomes') }}

),

counts_by_key as (

    select
        cohort_key,
        milestone_id,
        milestone_order,
        count(case when is_closed then 1 end) as eligible_user_count,
        count(case when is_closed and is_completed then 1 end) as completed_user_count,
        -- The first milestone of a path has none before it: null, not zero.
        case
            when previous_milestone_id is not null
                then count(case when is_from_previous then 1 end)
        end as previous_completed_user_count,
        case
            when previous_milestone_id is not null
                then count(case when is_from_previous and is_completed then 1 end)
        end as completed_both_user_count
    from users
    group by cohort_key, milestone_id, milestone_order, previous_milestone_id

),

milestone_completion_by_cohort as (

    {{ spread_over_cohorts(
        'counts_by_key', ref('int_cohort_segments'), by=['milestone_id', 'milestone_order'],
        sums=[
            'eligible_user_count', 'completed_user_count',
            'previous_completed_user_count', 'completed_both_user_count',
        ],
    ) }}

)

select
    {{ cohort_columns() }},
    milestone_id,
    milestone_order,
    eligible_user_count,
    completed_user_count,
    {{ rate_with_interval('completion_rate', 'completed_user_count', 'eligible_user_count') }},
    previous_completed_user_count,
    completed_both_user_count,
    {{ rate('completed_both_user_count', 'previous_completed_user_count') }}
        as conversion_from_previous_rate
from milestone_completion_by_cohort
