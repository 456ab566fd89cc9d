{#- How many users of each cohort get first value on each day, of how many who could still get it?
    A life table. A user whose observation ended without first value is at risk until that day, and no
    longer. Rows only for days on which something happened. -#}
{{ config(materialized='view') }}

with

users as (

    select
        cohort_key,
        has_first_value,
        observed_days
    from {{ ref('int_users_first_value') }}

),

segments as (

    select
        cohort_key,
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_segments') }}
    where cohort_anchor = 'signup'

),

counts_by_key as (

    select
        cohort_key,
        observed_days,
        count(case when has_first_value then 1 end) as event_count,
        count(case when not has_first_value then 1 end) as censored_count
    from users
    group by cohort_key, observed_days

),

counts as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.observed_days as day_number,
        {{ sum_as_bigint('counts_by_key.event_count') }} as event_count,
        {{ sum_as_bigint('counts_by_key.censored_count') }} as censored_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.observed_days

),

int_first_value_life_table as (

    select
        *,
        cast(sum(event_count + censored_count) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value
            order by day_number desc
            rows between unbounded preceding and current row
        ) as bigint) as at_risk_count
    from counts

)

select *
from int_first_value_life_table
