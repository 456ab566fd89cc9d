{#- What share of each cohort is still without first value after each day?
    The Kaplan-Meier estimate, and Greenwood's sum for its interval. On a day, first values come before
    the ends of observation. -#}
{%- set segment = ['cohort_grain', 'cohort_date', 'segment_type', 'segment_value'] -%}
with

life_table as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count,
        at_risk_count
    from {{ ref('int_first_value_life_table') }}

),

survival_steps as (

    select
        *,
        -- The logarithm of the share that is left after the day; null where nobody is.
        case
            when event_count < at_risk_count
                then ln(1 - cast(event_count as {{ engine_type('double') }}) / at_risk_count)
        end as log_survival_step,
        case
            when event_count < at_risk_count
                then
                    cast(event_count as {{ engine_type('double') }})
                    / at_risk_count
                    / (at_risk_count - event_count)
        end as greenwood_step
    from life_table

),

int_first_value_survival as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count,
        at_risk_count,
        case
            when event_count = at_risk_count then 0
            else exp({{ running('sum(log_survival_step)', segment, 'day_number') }})
        end as survival_probability,
        {{ running('sum(greenwood_step)', segment, 'day_number') }} as greenwood_sum
    from survival_steps

)

select *
from int_first_value_survival
