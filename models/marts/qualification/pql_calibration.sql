{#- How well does each scheme tell who will convert?
    Over units at the same age whose conversion window has closed: what was the score, and what came of it? -#}
{%- set disagreements = [
    'only_here_unit_count', 'only_here_converted_unit_count', 'only_there_unit_count',
    'only_there_converted_unit_count',
] -%}
with

schemes as (

    select
        scheme,
        max(case when scheme = '{{ var('handoff_scheme') }}' then 1 else 0 end) over () = 1
            as has_handoff_scheme
    from {{ ref('int_pql_schemes') }}

),

counts as (

    select
        snapshot_sets.unit_type,
        schemes.scheme,
        snapshot_sets.snapshot_age_days,
        snapshot_sets.snapshot_set,
        snapshot_sets.split_date,
        snapshot_sets.first_snapshot_date,
        snapshot_sets.last_snapshot_date,
        snapshot_sets.eligible_unit_count,
        snapshot_sets.converted_unit_count,
        thresholds.recommended_threshold,
        measures.auc,
        measures.auc_ci_lower,
        measures.auc_ci_upper,
        measures.mean_predicted_rate,
        measures.brier_score,
        {% for count in disagreements -%}
        case when schemes.has_handoff_scheme then coalesce(disagreements.{{ count }}, 0) end
            as {{ count }},
        {% endfor -%}
        coalesce(measures.qualified_unit_count, 0) as qualified_unit_count,
        coalesce(measures.qualified_converted_unit_count, 0) as qualified_converted_unit_count
    from {{ ref('int_snapshot_sets') }} as snapshot_sets
    cross join schemes
    left join {{ ref('int_score_measures') }} as measures
        on
            snapshot_sets.unit_type = measures.unit_type
            and schemes.scheme = measures.scheme
            and snapshot_sets.snapshot_age_days = measures.snapshot_age_days
            and snapshot_sets.snapshot_set = measures.snapshot_set
    left join {{ ref('int_recommended_thresholds') }} as thresholds
        on
            snapshot_sets.unit_type = thresholds.unit_type
            and schemes.scheme = thresholds.scheme
            and snapshot_sets.snapshot_age_days = thresholds.snapshot_age_days
    left join {{ ref('int_scheme_disagreements') }} as disagreements
        on
            snapshot_sets.unit_type = disagreements.unit_type
            and schemes.scheme = disagreements.scheme
            and snapshot_sets.snapshot_age_days = disagreements.snapshot_age_days
            and snapshot_sets.snapshot_set = disagreements.snapshot_set

),

rates as (

    select
        *,
        {{ rate_with_interval('conversion_rate', 'converted_unit_count', 'eligible_unit_count') }},
        {{ rate_with_interval(
            'precision_rate', 'qualified_converted_unit_count', 'qualified_unit_count'
        ) }},
        {{ lead_rates(
            'qualified_converted_unit_count', 'qualified_unit_count', 'converted_unit_count',
            'eligible_unit_count',
        ) }}
    from counts

),

pql_calibration as (

    select
        *,
        precision_rate / nullif(conversion_rate, 0) as lift,
        1 - brier_score / nullif(conversion_rate * (1 - conversion_rate), 0) as brier_skill_score
    from rates

)

select *
from pql_calibration
