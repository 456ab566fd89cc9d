{#- Of the same users, no fewer activate in a longer window. Survival and the users at risk never
    rise from one day to the next. No more users are retained on a day of week 0 than in week 0, and
    no more on or after a day than on or after an earlier one. -#}
with

windows as (

    select
        activated_user_count,
        lag(activated_user_count) over (
            partition by
                cohort_grain, cohort_date, segment_type, segment_value, eligible_user_count
            order by window_days
        ) as shorter_window_count
    from {{ ref('activation_by_cohort') }}

),

days as (

    select
        at_risk_count,
        event_count,
        censored_count,
        survival_probability,
        lag(survival_probability) over (
            partition by segment_type, segment_value order by day_number
        ) as survival_of_day_before,
        lag(at_risk_count - event_count - censored_count) over (
            partition by segment_type, segment_value order by day_number
        ) as expected_at_risk
    from {{ ref('time_to_first_value_curve') }}

),

later_returns as (

    select
        retained_user_count,
        lag(retained_user_count) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value, cohort_anchor
            order by period_number
        ) as retained_from_earlier_count
    from {{ ref('retention_by_cohort') }}
    where period_grain = 'on_or_after'

),

first_weeks as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        cohort_anchor,
        retained_user_count
    from {{ ref('retention_by_cohort') }}
    where period_grain = 'week' and period_number = 0 and eligible_user_count = cohort_user_count

)

select
    'activation_by_cohort' as mart,
    activated_user_count as found,
    shorter_window_count as expected
from windows
where activated_user_count < shorter_window_count
union all
select
    'time_to_first_value_curve' as mart,
    survival_probability as found,
    survival_of_day_before as expected
from days
where survival_probability > survival_of_day_before or at_risk_count <> expected_at_risk
union all
select
    'retention_by_cohort' as mart,
    retained_user_count as found,
    retained_from_earlier_count as expected
from later_returns
where retained_user_count > retained_from_earlier_count
union all
select
    'retention_by_cohort' as mart,
    retention_days.retained_user_count as found,
    first_weeks.retained_user_count as expected
from {{ ref('retention_by_cohort') }} as retention_days
inner join first_weeks
    on
        retention_days.cohort_grain = first_weeks.cohort_grain
        and retention_days.cohort_date = first_weeks.cohort_date
        and retention_days.segment_type = first_weeks.segment_type
        and retention_days.segment_value = first_weeks.segment_value
        and retention_days.cohort_anchor = first_weeks.cohort_anchor
where
    retention_days.period_grain = 'day'
    and retention_days.period_number < 7
    and retention_days.retained_user_count > first_weeks.retained_user_count
