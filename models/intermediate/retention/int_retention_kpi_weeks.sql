{#- What is the value of each retention metric of the scorecard for each weekly cohort?
    Read from the marts, so that the scorecard and the marts show the same numbers. -#}
{{ config(materialized='view') }}

with

int_retention_kpi_weeks as (

    select
        'retention_d7' as metric_id,
        cohort_date as week_start_date,
        retention_rate as current_value,
        eligible_user_count as user_count,
        retained_user_count as achieved_user_count,
        24 * 8 as maturity_hours
    from {{ ref('retention_by_cohort') }}
    where
        cohort_grain = 'week'
        and segment_type = 'all'
        and cohort_anchor = 'activation'
        and period_grain = 'day'
        and period_number = 7

)

select *
from int_retention_kpi_weeks
