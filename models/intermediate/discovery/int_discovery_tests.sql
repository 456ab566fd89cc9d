{#- Does each early behaviour go with staying, in each sample?
    Phi is the correlation of having done it and having stayed; the chi-square says whether chance alone
    would make it as large. -#}
{%- set double = engine_type('double') -%}
with

counts as (

    select
        event_name,
        window_days,
        min_count,
        sample_name,
        user_count,
        done_user_count,
        retained_user_count,
        done_retained_user_count,
        user_count - done_user_count as not_done_user_count,
        retained_user_count - done_retained_user_count as not_done_retained_user_count,
        user_count - retained_user_count as not_retained_user_count
    from {{ ref('int_discovery_counts') }}

),

tests as (

    select
        *,
        {{ rate_with_interval('reach_rate', 'done_user_count', 'user_count') }},
        {{ rate_with_interval(
            'retention_if_done_rate', 'done_retained_user_count', 'done_user_count'
        ) }},
        {{ rate_with_interval(
            'retention_if_not_done_rate', 'not_done_retained_user_count', 'not_done_user_count'
        ) }},
        {{ rate('retained_user_count', 'user_count') }} as retention_rate,
        {{ rate('done_retained_user_count', 'retained_user_count') }} as sensitivity_rate,
        {{ rate(
            'not_done_user_count - not_done_retained_user_count', 'not_retained_user_count'
        ) }} as specificity_rate,
        -- The same as ad - bc of the four cells.
        (
            cast(done_retained_user_count as {{ double }}) * user_count
            - cast(done_user_count as {{ double }}) * retained_user_count
        ) / nullif(
            sqrt(
                cast(done_user_count as {{ double }}) * not_done_user_count
                * retained_user_count * not_retained_user_count
            ),
            0
        ) as phi,
        {{ chi_square_of_two_rates(
            'done_retained_user_count', 'done_user_count',
            'not_done_retained_user_count', 'not_done_user_count',
        ) }} as chi_square
    from counts

),

int_discovery_tests as (

    select
        *,
        retention_if_done_rate - retention_if_not_done_rate as retention_difference,
        {{ newcombe_interval(
            'retention_difference', 'retention_if_done_rate', 'retention_if_not_done_rate'
        ) }},
        retention_if_done_rate / nullif(retention_rate, 0) as retention_lift,
        {{ p_value_of_chi_square('chi_square') }} as p_value
    from tests

)

select *
from int_discovery_tests
