{#- What is the value of each referral metric of the scorecard for each weekly cohort?
    Read from the marts, so that the scorecard and the marts show the same numbers. -#}
{{ config(materialized='view') }}

with

int_referral_kpi_weeks as (

    select
        'viral_coefficient' as metric_id,
        cohort_date as week_start_date,
        k_factor as current_value,
        cohort_user_count as user_count,
        cast(null as bigint) as achieved_user_count,
        24 * {{ var('viral_window_days') }} as maturity_hours
    from {{ ref('viral_coefficient_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

)

select *
from int_referral_kpi_weeks
