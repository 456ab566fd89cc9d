{#- Who comes back, day by day and week by week, after signing up and after activating?
    Every cell is there; one whose day or week has not ended has nobody eligible and no rate. -#}
with

periods as (

    select
        cohort_key,
        period_grain,
        period_number,
        cohort_user_count,
        eligible_user_count,
        retained_user_count
    from {{ ref('int_retention_periods') }}

),

segments as (

    select
        cohort_key,
        cohort_anchor,
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_segments') }}

),

retention_by_cohort as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        segments.cohort_anchor,
        periods.period_grain,
        periods.period_number,
        {{ sum_as_bigint('periods.cohort_user_count') }} as cohort_user_count,
        {{ sum_as_bigint('periods.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('periods.retained_user_count') }} as retained_user_count
    from periods
    inner join segments on periods.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        segments.cohort_anchor,
        periods.period_grain,
        periods.period_number

)

select
    *,
    {{ rate('retained_user_count', 'eligible_user_count') }} as retention_rate,
    {{ wilson_interval('retained_user_count', 'eligible_user_count', 'retention_rate') }}
from retention_by_cohort
