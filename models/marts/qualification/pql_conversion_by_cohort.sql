{#- What share of a cohort's activated users become product-qualified leads?
    Only users whose longest milestone timeframe has closed: their score can no longer rise. -#}
with

counts_by_key as (

    select
        cohort_key,
        count(case when is_closed then 1 end) as eligible_user_count,
        count(case when is_closed and is_activated then 1 end) as activated_user_count,
        count(case when is_closed and is_activated and is_pql then 1 end) as pql_user_count,
        count(case when is_closed and not is_activated and is_pql then 1 end)
            as pql_without_activation_count
    from {{ ref('int_pql_outcomes') }}
    group by cohort_key

),

pql_conversion_by_cohort as (

    {{ spread_over_cohorts(
        'counts_by_key', ref('int_cohort_segments'),
        sums=[
            'eligible_user_count', 'activated_user_count', 'pql_user_count',
            'pql_without_activation_count',
        ],
    ) }}

)

select
    {{ cohort_columns() }},
    eligible_user_count,
    activated_user_count,
    pql_user_count,
    {{ rate('pql_user_count', 'activated_user_count') }} as pql_conversion_rate,
    pql_without_activation_count
from pql_conversion_by_cohort
