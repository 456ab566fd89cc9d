{#- What share of each segment is still without first value on each day since signup?
    The Kaplan-Meier curve, one row a day, also where nothing happened on it. -#}
{%- set segment = ['segment_type', 'segment_value'] -%}
with

survival as (

    select
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count,
        survival_probability,
        greenwood_sum
    from {{ ref('int_first_value_survival') }}
    where cohort_grain = 'all'

),

days as (

    {{ numbers(var('first_value_curve_days'), 'day_number') }}

),

segment_values as (

    select distinct
        segment_type,
        segment_value
    from {{ ref('int_segments') }}

),

segments as (

    -- Nobody is at risk in a segment whose users all signed up before observed_from_at.
    select
        segments.segment_type,
        segments.segment_value,
        coalesce({{ sum_as_bigint('survival.event_count + survival.censored_count') }}, 0)
            as user_count
    from segment_values as segments
    left join survival
        on
            segments.segment_type = survival.segment_type
            and segments.segment_value = survival.segment_value
    group by segments.segment_type, segments.segment_value

),

curve_days as (

    {{ days_of_curve('survival', 'segments', 'days', by=segment) }}

),

carried_days as (

    {{ carry_survival('curve_days', by=segment) }}

),

time_to_first_value_curve as (

    select
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
from time_to_first_value_curve
