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

observed_days as (

    select
        segments.segment_type,
        segments.segment_value,
        days.day_number,
        segments.user_count,
        survival.survival_probability,
        survival.greenwood_sum,
        coalesce(survival.event_count, 0) as event_count,
        coalesce(survival.censored_count, 0) as censored_count
    from segments
    cross join days
    left join survival
        on
            segments.segment_type = survival.segment_type
            and segments.segment_value = survival.segment_value
            and days.day_number = survival.day_number

),

carried_days as (

    -- Survival never rises and Greenwood's sum never falls: the extreme so far is the latest value.
    select
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count,
        user_count + event_count + censored_count
        - cast({{ running('sum(event_count + censored_count)', segment, 'day_number') }} as bigint)
            as at_risk_count,
        coalesce({{ running('min(survival_probability)', segment, 'day_number') }}, 1)
            as survival_probability,
        coalesce({{ running('max(greenwood_sum)', segment, 'day_number') }}, 0) as greenwood_sum
    from observed_days

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
