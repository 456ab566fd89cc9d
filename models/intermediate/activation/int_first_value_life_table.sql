{#- How many users of each cohort get first value on each day, of how many who could still get it?
    A life table. A user whose observation ended without first value is at risk until that day, and no
    longer. Rows only for days on which something happened. -#}
{%- set segment = ['cohort_grain', 'cohort_date', 'segment_type', 'segment_value'] -%}
with

counts_by_key as (

    select
        cohort_key,
        observed_days as day_number,
        count(case when has_first_value then 1 end) as event_count,
        count(case when not has_first_value then 1 end) as censored_count
    from {{ ref('int_users_first_value') }}
    where is_in_rates
    group by cohort_key, observed_days

),

counts as (

    {{ spread_over_cohorts(
        'counts_by_key',
        ref('int_cohort_segments'),
        ['event_count', 'censored_count'],
        by=['day_number']
    ) }}

),

int_first_value_life_table as (

    select
        *,
        cast(
            {{ running('sum(event_count + censored_count)', segment, 'day_number desc') }} as bigint
        ) as at_risk_count
    from counts

)

select *
from int_first_value_life_table
