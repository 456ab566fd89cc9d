{#- Do higher scores convert more? -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days', 'snapshot_set', 'bin_type'] -%}
with

bins as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        bin_type,
        bin_number,
        bin_name,
        lowest_score,
        highest_score,
        unit_count as eligible_unit_count,
        converted_unit_count,
        all_converted_unit_count,
        {{ rate('all_converted_unit_count', 'all_unit_count') }} as base_rate,
        {{ rate_with_interval('conversion_rate', 'converted_unit_count', 'unit_count') }},
        case
            when scheme = 'propensity'
                then cast(score_sum as {{ engine_type('double') }}) / 100 / nullif(unit_count, 0)
        end as mean_predicted_rate,
        cast({{ running('sum(unit_count)', group, 'bin_number') }} as bigint)
            as cumulative_unit_count,
        cast({{ running('sum(converted_unit_count)', group, 'bin_number') }} as bigint)
            as cumulative_converted_unit_count
    from {{ ref('int_score_bins') }}

),

pql_calibration_by_bin as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        bin_type,
        bin_number,
        bin_name,
        lowest_score,
        highest_score,
        eligible_unit_count,
        converted_unit_count,
        conversion_rate,
        conversion_rate_ci_lower,
        conversion_rate_ci_upper,
        conversion_rate / nullif(base_rate, 0) as lift,
        mean_predicted_rate,
        cumulative_unit_count,
        cumulative_converted_unit_count,
        {{ rate('cumulative_converted_unit_count', 'all_converted_unit_count') }}
            as cumulative_recall_rate
    from bins

)

select *
from pql_calibration_by_bin
