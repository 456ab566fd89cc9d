{#- What share of a cohort's activated users become product-qualified leads?
    Only users whose longest milestone timeframe has closed: their score can no longer rise. -#}
with

users as (

    select
        cohort_key,
        is_closed,
        is_activated,
        is_pql
    from {{ ref('int_pql_outcomes') }}

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
        count(case when is_closed then 1 end) as eligible_user_count,
        count(case when is_closed and is_activated then 1 end) as activated_user_count,
        count(case when is_closed and is_activated and is_pql then 1 end) as pql_user_count,
        count(case when is_closed and not is_activated and is_pql then 1 end)
            as pql_without_activation_count
    from users
    group by cohort_key

),

pql_conversion_by_cohort as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        {{ sum_as_bigint('counts_by_key.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('counts_by_key.activated_user_count') }} as activated_user_count,
        {{ sum_as_bigint('counts_by_key.pql_user_count') }} as pql_user_count,
        {{ sum_as_bigint('counts_by_key.pql_without_activation_count') }} as pql_without_activation_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value

)

select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    eligible_user_count,
    activated_user_count,
    pql_user_count,
    {{ rate('pql_user_count', 'activated_user_count') }} as pql_conversion_rate,
    pql_without_activation_count
from pql_conversion_by_cohort
