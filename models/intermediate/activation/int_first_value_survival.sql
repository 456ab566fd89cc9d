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

int_first_value_survival as (

    {{ kaplan_meier('life_table', by=segment) }}

)

select *
from int_first_value_survival
