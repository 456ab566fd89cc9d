{#- What is the value of each retention metric of the scorecard for each weekly cohort?
    Counted as in the mart retention_by_cohort, which has no day 7 where the var retention_days ends before
    it. -#}
{{ config(materialized='view') }}

with

day_7_counts as (

    select
        slice_key,
        eligible_user_count,
        retained_user_count
    from {{ ref('int_retention_counts') }}
    where period_grain = 'day' and period_number = 7

),

cohorts as (

    {{ spread_over_cohorts(
        'day_7_counts', ref('int_slice_cohorts'), anchor='activation', key='slice_key',
        sums=['eligible_user_count', 'retained_user_count'],
    ) }}

),

int_retention_kpi_weeks as (

    select
        'retention_d7' as metric_id,
        cohort_date as week_start_date,
        {{ rate('retained_user_count', 'eligible_user_count') }} as current_value,
        eligible_user_count as user_count,
        retained_user_count as achieved_user_count,
        24 * 8 as maturity_hours
    from cohorts
    where cohort_grain = 'week' and segment_type = 'all'

)

select *
from int_retention_kpi_weeks
