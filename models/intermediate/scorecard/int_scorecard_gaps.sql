{#- Which metrics of the scorecard are not measured, and what is missing?
    A column that is always empty, or the event of a milestone that never occurs, says nothing about the
    product: not measured is not 0. Metrics about users who got there have nobody: they are not direct.
    Longer than 110 lines: each family of metrics has gaps of its own. -#}
with

milestones as (

    select
        measured.triggered_by_event,
        measured.is_measured,
        measured.is_required,
        milestones.is_first_value,
        case
            when measured.milestone_id = chosen.first_milestone_id then 1
            when measured.milestone_id = chosen.second_milestone_id then 2
        end as place_number
    from {{ ref('int_milestones_measured') }} as measured
    inner join {{ ref('stg_milestones') }} as milestones
        on measured.milestone_id = milestones.milestone_id
    cross join {{ ref('int_scorecard_milestones') }} as chosen

),

-- One of its milestones is enough for first value.
first_values as (

    select count(case when is_first_value and is_measured then 1 end) as measured_count
    from milestones

),

-- Of the first and second milestone, each metric needs those up to this place.
step_metrics as (

    {% for metric, last_place in [
        ('milestone_completion_rate', 1), ('milestone_velocity', 2), ('milestone_cohort_conversion', 2),
    ] -%}
    select
        '{{ metric }}' as metric_id,
        {{ last_place }} as last_place_number
    {{ 'union all' if not loop.last }} {% endfor %}
),

-- All but the first are about activated users.
activation_metrics as (

    {% for metric in ['activation_rate', 'retention_d7', 'retention_d30', 'pql_conversion_rate'] -%}
    select
        '{{ metric }}' as metric_id,
        {{ metric == 'activation_rate' }} as is_direct
    {{ 'union all' if not loop.last }} {% endfor %}
),

gaps as (

    select
        step_metrics.metric_id,
        'event' as missing_kind,
        milestones.triggered_by_event as missing_name,
        true as is_direct
    from step_metrics
    inner join milestones on step_metrics.last_place_number >= milestones.place_number
    where not milestones.is_measured
    union all
    select
        'time_to_first_value' as metric_id,
        'event' as missing_kind,
        milestones.triggered_by_event as missing_name,
        false as is_direct
    from milestones
    cross join first_values
    where milestones.is_first_value and first_values.measured_count = 0
    union all
    select
        activation_metrics.metric_id,
        'event' as missing_kind,
        milestones.triggered_by_event as missing_name,
        activation_metrics.is_direct
    from activation_metrics
    cross join {{ ref('int_activation_measured') }} as activation
    cross join milestones
    where
        milestones.is_required
        and not milestones.is_measured
        and not activation.is_activation_measured
    union all
    select
        'viral_coefficient' as metric_id,
        'column' as missing_kind,
        'invited_by' as missing_name,
        true as is_direct
    from {{ ref('int_referral_measured') }}
    where not is_invited_by_measured
    union all
    select
        metric_id,
        missing_kind,
        missing_name,
        false as is_direct
    from {{ ref('int_lead_gaps') }}

),

int_scorecard_gaps as (

    select distinct
        metric_id,
        missing_kind,
        missing_name,
        is_direct
    from gaps

)

select *
from int_scorecard_gaps
