{#- Who comes back, day by day and week by week, after signing up and after activating?
    Every cell has a row; one whose day or week has not ended has nobody eligible and no rate. -#}
with

retention_by_cohort as (

    {{ spread_over_cohorts(
        ref('int_retention_periods'), ref('int_cohort_segments'),
        by=['period_grain', 'period_number'], anchor=none,
        sums=['cohort_user_count', 'eligible_user_count', 'retained_user_count'],
    ) }}

)

select
    *,
    {{ rate_with_interval('retention_rate', 'retained_user_count', 'eligible_user_count') }}
from retention_by_cohort
