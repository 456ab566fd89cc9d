{#- Which rows of a cohort mart does each cohort_key count in?
    Three cohort grains times four segments. The cohort of all users starts with the first signup. -#}
with

members as (

    select distinct
        cohort_key,
        cohort_anchor,
        cohort_week_date,
        cohort_month_date,
        segment_key
    from {{ ref('int_cohort_members') }}

),

segments as (

    select
        segment_key,
        segment_type,
        segment_value
    from {{ ref('int_segments') }}

),

observation as (

    select first_signup_date
    from {{ ref('int_observation') }}

),

cohorts as (

    select
        cohort_key,
        cohort_anchor,
        segment_key,
        'week' as cohort_grain,
        cohort_week_date as cohort_date
    from members
    union all
    select
        cohort_key,
        cohort_anchor,
        segment_key,
        'month' as cohort_grain,
        cohort_month_date as cohort_date
    from members
    union all
    select
        members.cohort_key,
        members.cohort_anchor,
        members.segment_key,
        'all' as cohort_grain,
        observation.first_signup_date as cohort_date
    from members
    cross join observation

),

int_cohort_segments as (

    select
        cohorts.cohort_key,
        cohorts.cohort_anchor,
        cohorts.cohort_grain,
        cohorts.cohort_date,
        segments.segment_type,
        segments.segment_value
    from cohorts
    inner join segments on cohorts.segment_key = segments.segment_key

)

select *
from int_cohort_segments
