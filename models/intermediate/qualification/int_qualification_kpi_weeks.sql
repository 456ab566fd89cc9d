{#- What is the value of each qualification metric of the scorecard for each weekly cohort?
    Read from the marts, so that the scorecard and the marts show the same numbers. -#}
{{ config(materialized='view') }}

with

windows as (

    select longest_timeframe_hours
    from {{ ref('int_longest_windows') }}

),

int_qualification_kpi_weeks as (

    select
        'pql_conversion_rate' as metric_id,
        conversions.cohort_date as week_start_date,
        conversions.pql_conversion_rate as current_value,
        conversions.activated_user_count as user_count,
        conversions.pql_user_count as achieved_user_count,
        windows.longest_timeframe_hours as maturity_hours
    from {{ ref('pql_conversion_by_cohort') }} as conversions
    cross join windows
    where conversions.cohort_grain = 'week' and conversions.segment_type = 'all'

)

select *
from int_qualification_kpi_weeks
