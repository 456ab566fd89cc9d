{#- What share of each cohort is still without first value after each day?
    Kaplan-Meier: users whose time ran out are at risk until then, and no longer; on a day, first values
    come before the end of observation. Rows for the days on which something happened. -#}
with

users as (

    select
        cohort_key,
        has_first_value,
        observed_days
    from {{ ref('int_users_first_value') }}

),

segments as (

    select
        cohort_key,
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_segments') }}
    where cohort_anchor = 'signup'

),

counts_by_key as (

    select
        cohort_key,
        observed_days,
        count(case when has_first_value then 1 end) as event_count,
        count(case when not has_first_value then 1 end) as censored_count
    from users
    group by cohort_key, observed_days

),

counts as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.observed_days as day_number,
        cast(sum(counts_by_key.event_count) as bigint) as event_count,
        cast(sum(counts_by_key.censored_count) as bigint) as censored_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.observed_days

),

life_table as (

    select
        *,
        cast(sum(event_count + censored_count) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value
            order by day_number desc
            rows between unbounded preceding and current row
        ) as bigint) as at_risk_count
    from counts

),

survival_steps as (

    select
        *,
        -- The logarithm of the share that survives the day; once nobody does, survival stays 0.
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
            else
                exp(sum(log_survival_step) over (
                    partition by cohort_grain, cohort_date, segment_type, segment_value
                    order by day_number
                    rows between unbounded preceding and current row
                ))
        end as survival_probability,
        sum(greenwood_step) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value
            order by day_number
            rows between unbounded preceding and current row
        ) as greenwood_sum
    from survival_steps

)

select *
from int_first_value_survival
