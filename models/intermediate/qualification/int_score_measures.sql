{#- How well does each scheme rank the units, and how well does propensity foretell conversions? -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days', 'snapshot_set'] -%}
{%- set double = engine_type('double') -%}
{#- Points have no share to compare with. -#}
{%- set prediction = "case when scheme = 'propensity' then score end" -%}
with

scores as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        score,
        is_qualified,
        unit_count,
        converted_unit_count,
        converted_unit_count_above,
        unit_count - converted_unit_count as other_unit_count,
        unit_count_above - converted_unit_count_above as other_unit_count_above,
        cast(
            sum(unit_count - converted_unit_count) over (partition by {{ group | join(', ') }})
            as bigint
        ) as all_other_unit_count
    from {{ ref('int_snapshot_scores') }}

),

placed_scores as (

    select
        *,
        all_other_unit_count - other_unit_count_above - other_unit_count
            as other_unit_count_below
    from scores

),

sums as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        {{ sum_as_bigint('unit_count') }} as unit_count,
        {{ sum_as_bigint('converted_unit_count') }} as converted_unit_count,
        {{ sum_as_bigint('other_unit_count') }} as other_unit_count,
        {{ sum_as_bigint('case when is_qualified then unit_count else 0 end') }}
            as qualified_unit_count,
        {{ sum_as_bigint('case when is_qualified then converted_unit_count else 0 end') }}
            as qualified_converted_unit_count,
        {{ auc_sums(
            'converted_unit_count', 'other_unit_count', 'converted_unit_count_above',
            'other_unit_count_below',
        ) }},
        {{ sum_of_scores(prediction, 'unit_count') }} as prediction_sum,
        {{ sum_of_squared_errors(prediction, 'converted_unit_count', 'other_unit_count') }}
            as squared_error_sum
    from placed_scores
    group by unit_type, scheme, snapshot_age_days, snapshot_set

),

int_score_measures as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        qualified_unit_count,
        qualified_converted_unit_count,
        {{ auc_with_interval('converted_unit_count', 'other_unit_count') }},
        cast(prediction_sum as {{ double }}) / 100 / unit_count as mean_predicted_rate,
        cast(squared_error_sum as {{ double }}) / 10000 / unit_count as brier_score
    from sums

)

select *
from int_score_measures
