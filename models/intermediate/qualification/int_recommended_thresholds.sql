{#- Above which score do leads convert much more often than all units do?
    The smallest threshold that earlier units say so of; the later ones, who chose nothing, confirm or refute it. -#}
with

thresholds as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        threshold,
        flagged_unit_count,
        {{ rate('converted_unit_count', 'eligible_unit_count') }} as conversion_rate,
        {{ rate_with_interval(
            'precision_rate', 'flagged_converted_unit_count', 'flagged_unit_count'
        ) }}
    from {{ ref('int_threshold_counts') }}
    where snapshot_set = 'earlier'

),

int_recommended_thresholds as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        min(threshold) as recommended_threshold
    from thresholds
    where
        flagged_unit_count >= {{ var('minimum_group_users') }}
        and conversion_rate > 0
        -- Rounded, so that exactly twice as often is twice as often.
        and {{ rounded('precision_rate', 9) }}
        >= {{ rounded(var('threshold_lift') ~ ' * conversion_rate', 9) }}
        and precision_rate_ci_lower > conversion_rate
    group by unit_type, scheme, snapshot_age_days

)

select *
from int_recommended_thresholds
