{#- What is the value of each retention metric of the scorecard for each weekly cohort?
    Counted as in the mart retention_by_cohort, which has no day 7 or 30 where the var retention_days ends
    before it. -#}
{{ config(materialized='view') }}

with

day_counts as (

    select
        slice_key,
        period_number,
        eligible_user_count,
        retained_user_count
    from {{ ref('int_retention_counts') }}
    where period_grain = 'day' and period_number in (7, 30)

),

cohorts as (

    {{ spread_over_cohorts(
        'day_counts', ref('int_slice_cohorts'), anchor='activation', by=['period_number'], key='slice_key',
        sums=['eligible_user_count', 'retained_user_count'],
    ) }}

),

int_retention_kpi_weeks as (

    select
        case when period_number = 7 then 'retention_d7' else 'retention_d30' end as metric_id,
        cohort_date as week_start_date,
        {{ rate('retained_user_count', 'eligible_user_count') }} as current_value,
        eligible_user_count as user_count,
        retained_user_count as achieved_user_count,
        24 * (period_number + 1) as maturity_hours
    from cohorts
    where cohort_grain = 'week' and segment_type = 'all'

)

select *
from int_retention_kpi_weeks
