{#- What would each threshold have flagged?
    Thresholds are the scores that occur and the lower bounds of bands, the same list in every set. -#}
with

rates as (

    select
        counts.unit_type,
        counts.scheme,
        counts.snapshot_age_days,
        counts.snapshot_set,
        counts.threshold,
        counts.flagged_unit_count,
        counts.flagged_converted_unit_count,
        coalesce(counts.threshold = recommended.recommended_threshold, false) as is_recommended,
        {{ rate('counts.converted_unit_count', 'counts.eligible_unit_count') }} as conversion_rate,
        {{ rate('counts.flagged_unit_count', 'counts.eligible_unit_count') }} as flagged_rate,
        {{ rate_with_interval(
            'precision_rate', 'counts.flagged_converted_unit_count', 'counts.flagged_unit_count'
        ) }},
        {{ lead_rates(
            'counts.flagged_converted_unit_count', 'counts.flagged_unit_count',
            'counts.converted_unit_count', 'counts.eligible_unit_count',
        ) }}
    from {{ ref('int_threshold_counts') }} as counts
    left join {{ ref('int_recommended_thresholds') }} as recommended
        on
            counts.unit_type = recommended.unit_type
            and counts.scheme = recommended.scheme
            and counts.snapshot_age_days = recommended.snapshot_age_days

),

pql_thresholds as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        threshold,
        flagged_unit_count,
        flagged_converted_unit_count,
        flagged_rate,
        precision_rate,
        precision_rate_ci_lower,
        precision_rate_ci_upper,
        recall_rate,
        false_positive_rate,
        false_discovery_rate,
        is_recommended,
        precision_rate / nullif(conversion_rate, 0) as lift,
        recall_rate - false_positive_rate as youden_index
    from rates

)

select *
from pql_thresholds
