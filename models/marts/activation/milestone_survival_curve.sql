{#- What share of each segment has not reached a milestone on each day since signup, and when is it
    likeliest?
    The Kaplan-Meier curve, one row a day, also where nothing happened on it. -#}
{%- set curve = ['milestone_id', 'segment_type', 'segment_value'] -%}
with

life_table as (

    select
        milestone_id,
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count,
        at_risk_count
    from {{ ref('int_milestone_life_table') }}

),

survival as (

    {{ kaplan_meier('life_table', by=curve) }}

),

days as (

    {{ numbers(var('first_value_curve_days'), 'day_number') }}

),

segment_values as (

    select distinct
        milestones.milestone_id,
        segments.segment_type,
        segments.segment_value
    from {{ ref('int_segments') }} as segments
    cross join {{ ref('stg_milestones') }} as milestones

),

curves as (

    -- Nobody is at risk in a segment whose users all signed up before observed_from_at.
    select
        segment_values.milestone_id,
        segment_values.segment_type,
        segment_values.segment_value,
        coalesce({{ sum_as_bigint('life_table.event_count + life_table.censored_count') }}, 0)
            as user_count
    from segment_values
    left join life_table
        on
            segment_values.milestone_id = life_table.milestone_id
            and segment_values.segment_type = life_table.segment_type
            and segment_values.segment_value = life_table.segment_value
    group by
        segment_values.milestone_id, segment_values.segment_type, segment_values.segment_value

),

curve_days as (

    {{ days_of_curve('survival', 'curves', 'days', by=curve) }}

),

carried_days as (

    {{ carry_survival('curve_days', by=curve) }}

),

milestone_survival_curve as (

    select
        milestone_id,
        segment_type,
        segment_value,
        day_number,
        at_risk_count,
        event_count,
        censored_count,
        survival_probability,
        {{ log_log_interval('survival_probability', 'greenwood_sum') }},
        {{ rate('event_count', 'at_risk_count') }} as hazard_rate
    from carried_days

)

select *
from milestone_survival_curve
