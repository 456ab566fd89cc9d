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
    union all
    select
        'account_pql_rate' as metric_id,
        cohort_date as week_start_date,
        pql_rate as current_value,
        eligible_unit_count as user_count,
        reached_unit_count as achieved_user_count,
        24 * {{ var('pql_window_days') }} as maturity_hours
    from {{ ref('pql_rate_by_cohort') }}
    where
        cohort_grain = 'week'
        and segment_type = 'all'
        and unit_type = 'account'
        and scheme = '{{ var("handoff_scheme") }}'
    union all
    select
        'handoff_conversion_rate' as metric_id,
        week_start_date,
        handoff_conversion_rate as current_value,
        eligible_handoff_count as user_count,
        converted_handoff_count as achieved_user_count,
        24 * {{ var('conversion_window_days') }} as maturity_hours
    from {{ ref('handoff_outcomes_by_week') }}
    where handoff_count > 0

)

select *
from int_qualification_kpi_weeks
