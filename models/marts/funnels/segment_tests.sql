{#- Which differences between segments are more than chance, and how large are they?
    Each value against all other tested values of its type, and all of them at once. Many tests find some
    difference by chance: q-values correct for that. -#}
{%- set material_ratio = 1.2 -%}
with

statistics as (

    select
        *,
        test_name = 'chi_square' and comparison = 'one_value' as has_rates,
        case
            when statistic is not null
                then case when comparison = 'one_value' then 1 else group_count - 1 end
        end as degrees_of_freedom
    from {{ ref('int_segment_tests') }}

),

rates as (

    select
        *,
        {{ rate_with_interval(
            'rate', 'case when has_rates then event_count end', 'case when has_rates then user_count end'
        ) }},
        {{ rate_with_interval(
            'other_rate', 'case when has_rates then other_event_count end',
            'case when has_rates then other_user_count end'
        ) }}
    from statistics

),

p_values as (

    select
        *,
        {{ p_value_of_chi_square('statistic', 'degrees_of_freedom') }} as p_value
    from rates

),

q_values as (

    {{ with_q_values('p_values', family=['metric_id', 'comparison']) }}

),

segment_tests as (

    select
        metric_id,
        item,
        segment_type,
        comparison,
        segment_value,
        test_name,
        group_count,
        user_count,
        event_count,
        other_user_count,
        other_event_count,
        rate,
        rate_ci_lower,
        rate_ci_upper,
        other_rate,
        other_rate_ci_lower,
        other_rate_ci_upper,
        rate - other_rate as rate_difference,
        {{ newcombe_interval('rate_difference', 'rate', 'other_rate') }},
        hazard_ratio,
        hazard_ratio_ci_lower,
        hazard_ratio_ci_upper,
        hazard_ratio >= {{ material_ratio }} or hazard_ratio <= {{ 1 / material_ratio }}
            as is_material,
        statistic,
        cast(degrees_of_freedom as bigint) as degrees_of_freedom,
        p_value,
        case
            when test_name = 'chi_square'
                then sqrt(statistic / (user_count + coalesce(other_user_count, 0)))
        end as effect_size,
        q_value,
        case
            when is_left_out then 'not_tested'
            when statistic is null then 'not_enough_data'
            when q_value >= {{ var('significance_level') }} then 'no_difference_shown'
            when comparison = 'all_values' then 'differs'
            when rate > other_rate or hazard_ratio > 1 then 'above'
            else 'below'
        end as verdict
    from q_values

)

select *
from segment_tests
