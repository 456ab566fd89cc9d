{#- Who comes back after signing up and after activating, by day, week, month, bracket of days, and
    ever from a day on?
    Every cell has a row; one whose period has not ended has nobody eligible and no rate. -#}
with

counts_by_slice as (

    select
        counts.slice_key,
        periods.period_grain,
        periods.period_number,
        periods.period_start_day,
        periods.period_end_day,
        counts.cohort_user_count,
        counts.eligible_user_count,
        counts.retained_user_count
    from {{ ref('int_retention_counts') }} as counts
    inner join {{ ref('int_retention_periods') }} as periods
        on
            counts.period_grain = periods.period_grain
            and counts.period_number = periods.period_number
    where periods.is_in_mart

),

retention_by_cohort as (

    {{ spread_over_cohorts(
        'counts_by_slice', ref('int_slice_cohorts'), anchor=none, key='slice_key',
        by=['period_grain', 'period_number', 'period_start_day', 'period_end_day'],
        sums=['cohort_user_count', 'eligible_user_count', 'retained_user_count'],
    ) }}

)

select
    *,
    {{ rate_with_interval('retention_rate', 'retained_user_count', 'eligible_user_count') }}
from retention_by_cohort
