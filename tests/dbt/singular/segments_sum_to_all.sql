{#- In every mart with segments, the counts of a segment's values add up to those of all users. -#}
with

counts as (

    select
        'activation_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(eligible_user_count) as first_count,
        sum(activated_user_count) as second_count
    from {{ ref('activation_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'milestone_completion_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(completed_user_count) as first_count,
        sum(completed_both_user_count) as second_count
    from {{ ref('milestone_completion_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'milestone_velocity_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(eligible_user_count) as first_count,
        sum(progressed_user_count) as second_count
    from {{ ref('milestone_velocity_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'retention_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(eligible_user_count) as first_count,
        sum(retained_user_count) as second_count
    from {{ ref('retention_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'viral_coefficient_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        {{ sum_as_bigint('invitation_count') }} as first_count,
        sum(invited_signup_count) as second_count
    from {{ ref('viral_coefficient_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'pql_conversion_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(pql_user_count) as first_count,
        sum(pql_without_activation_count) as second_count
    from {{ ref('pql_conversion_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type
    union all
    select
        'funnel_conversion_by_cohort' as mart,
        cohort_grain,
        cohort_date,
        segment_type,
        sum(entered_user_count) as first_count,
        sum(reached_user_count) as second_count
    from {{ ref('funnel_conversion_by_cohort') }}
    group by cohort_grain, cohort_date, segment_type

)

select
    segments.*,
    totals.first_count as expected_first_count,
    totals.second_count as expected_second_count
from counts as segments
inner join counts as totals
    on
        segments.mart = totals.mart
        and segments.cohort_grain = totals.cohort_grain
        and segments.cohort_date = totals.cohort_date
where
    totals.segment_type = 'all'
    and (
        segments.first_count <> totals.first_count
        or segments.second_count <> totals.second_count
    )
