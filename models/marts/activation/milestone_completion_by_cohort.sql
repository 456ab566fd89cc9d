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
        is_closed_with_previous,
        is_completed,
        is_previous_completed
    from {{ ref('int_milestone_outcomes') }}

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

counts_by_key as (

    select
        cohort_key,
        milestone_id,
        milestone_order,
        previous_milestone_id,
        count(case when is_closed then 1 end) as eligible_user_count,
        count(case when is_closed and is_completed then 1 end) as completed_user_count,
        count(case when is_closed_with_previous and is_previous_completed then 1 end)
            as previous_completed_user_count,
        count(
            case when is_closed_with_previous and is_previous_completed and is_completed then 1 end
        ) as completed_both_user_count
    from users
    group by cohort_key, milestone_id, milestone_order, previous_milestone_id

),

milestone_completion_by_cohort as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.milestone_id,
        counts_by_key.milestone_order,
        {{ sum_as_bigint('counts_by_key.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('counts_by_key.completed_user_count') }} as completed_user_count,
        -- The first milestone of a path has none before it: null, not zero.
        case
            when counts_by_key.previous_milestone_id is not null
                then {{ sum_as_bigint('counts_by_key.previous_completed_user_count') }}
        end as previous_completed_user_count,
        case
            when counts_by_key.previous_milestone_id is not null
                then {{ sum_as_bigint('counts_by_key.completed_both_user_count') }}
        end as completed_both_user_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.milestone_id,
        counts_by_key.milestone_order,
        counts_by_key.previous_milestone_id

)

select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    milestone_id,
    milestone_order,
    eligible_user_count,
    completed_user_count,
    {{ rate('completed_user_count', 'eligible_user_count') }} as completion_rate,
    {{ wilson_interval('completed_user_count', 'eligible_user_count', 'completion_rate') }},
    previous_completed_user_count,
    completed_both_user_count,
    {{ rate('completed_both_user_count', 'previous_completed_user_count') }}
        as conversion_from_previous_rate
from milestone_completion_by_cohort
