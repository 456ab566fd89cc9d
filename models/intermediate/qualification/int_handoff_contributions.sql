{#- What did each signal, milestone or behaviour add to the score of each unit, on the date of its
    newest hand-off?
    Contributions are computed for hand-offs alone: of all units and dates they would be too many.
    plan_tier adds nothing, as in the score: the current plan knows the outcome.

    Longer than 110 lines: four kinds of contributions, of three schemes, are one list. -#}
{%- set contribution = engine_type('decimal(30, 12)') -%}
with

handoffs as (

    select
        unit_type,
        unit_key,
        scheme,
        handoff_id,
        handed_off_date,
        handed_off_at
    from {{ ref('int_handoffs') }}
    where is_newest

),

factors as (

    -- Factors fall with the days, so the smallest of those that apply is that of the most days.
    select
        older_than_days,
        factor
    from {{ ref('int_signal_ages') }}

),

occurrences as (

    select
        handoffs.handoff_id,
        handoffs.handed_off_date,
        signal_days.event_name,
        max(signal_days.occurred_date) as last_occurred_date,
        {{ sum_as_bigint('signal_days.event_count') }} as event_count
    from handoffs
    inner join {{ ref('int_unit_signal_days') }} as signal_days
        on
            handoffs.unit_type = signal_days.unit_type
            and handoffs.unit_key = signal_days.unit_key
            and handoffs.handed_off_date > signal_days.occurred_date
    where handoffs.scheme = 'points'
    group by handoffs.handoff_id, handoffs.handed_off_date, signal_days.event_name

),

decayed_occurrences as (

    select
        occurrences.handoff_id,
        occurrences.event_name,
        occurrences.event_count,
        min(factors.factor) as factor
    from occurrences
    inner join factors
        on
            {{ days_between('occurrences.last_occurred_date', 'occurrences.handed_off_date') }}
            > factors.older_than_days
    group by occurrences.handoff_id, occurrences.event_name, occurrences.event_count

),

int_handoff_contributions as (

    select
        occurrences.handoff_id,
        signals.signal_id,
        cast(
            signals.points
            * cast(least(occurrences.event_count, signals.max_count) as decimal(9, 0))
            * occurrences.factor
            as {{ contribution }}
        ) as contribution
    from decayed_occurrences as occurrences
    inner join {{ ref('stg_pql_signals') }} as signals
        on occurrences.event_name = signals.triggered_by_event
    union all
    select
        handoffs.handoff_id,
        fit_signals.signal_id,
        cast(fit_signals.points as {{ contribution }}) as contribution
    from handoffs
    inner join {{ ref('int_unit_fit_signals') }} as fit_signals
        on
            handoffs.unit_type = fit_signals.unit_type
            and handoffs.unit_key = fit_signals.unit_key
            and handoffs.handed_off_date >= fit_signals.valid_from_date
    where handoffs.scheme = 'points'
    union all
    select
        handoffs.handoff_id,
        milestones.milestone_id as signal_id,
        cast(milestones.weight as {{ contribution }}) as contribution
    from handoffs
    inner join {{ ref('int_unit_milestones') }} as milestones
        on
            handoffs.unit_type = milestones.unit_type
            and handoffs.unit_key = milestones.unit_key
            and handoffs.handed_off_at > milestones.reached_at
    where handoffs.scheme = 'milestone_share'
    union all
    select
        handoffs.handoff_id,
        behaviors.behavior_id as signal_id,
        cast(weights.weight as {{ contribution }}) as contribution
    from handoffs
    inner join {{ ref('int_unit_behaviors') }} as behaviors
        on handoffs.unit_type = behaviors.unit_type and handoffs.unit_key = behaviors.unit_key
    inner join {{ ref('stg_propensity_behaviors') }} as weights
        on behaviors.behavior_id = weights.behavior_id
    where handoffs.scheme = 'propensity'

)

select *
from int_handoff_contributions
