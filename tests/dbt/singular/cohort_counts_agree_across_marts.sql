{#- Several marts count the same users. The activation windows and the scores have equally many
    signups; so has the first-value curve on day 0, but for those before observed_from. No more leads convert than
    there are leads. -#}
with

counts as (

    select
        (
            select max(signup_count)
            from {{ ref('activation_by_cohort') }}
            where cohort_grain = 'all' and segment_type = 'all'
        ) as signup_count,
        (
            select max(at_risk_count)
            from {{ ref('time_to_first_value_curve') }}
            where segment_type = 'all'
        ) as at_risk_on_day_0_count,
        (
            select count(*)
            from {{ ref('int_cohort_members') }}
            where cohort_anchor = 'signup' and is_in_rates
        ) as in_rates_count,
        (select count(*) from {{ ref('pql_scores') }}) as scored_count,
        (
            select sum(pql_user_count + pql_without_activation_count)
            from {{ ref('pql_conversion_by_cohort') }}
            where cohort_grain = 'all' and segment_type = 'all'
        ) as closed_pql_count,
        (select count(case when is_pql then 1 end) from {{ ref('pql_scores') }}) as pql_count

)

select *
from counts
where
    in_rates_count <> at_risk_on_day_0_count
    or signup_count <> scored_count
    or closed_pql_count > pql_count
