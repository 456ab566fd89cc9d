{#- Does retention flatten: is there a core of users who stay?
    Read: kept_of_week_before is this week's rate over the one before. With a core of users who
    stay, it is near 1 in the late weeks; without, it stays clearly below. There is one curve from
    signup and one from activation.
    Pitfall: every week has the same users: only months of signups (or activations) in which all
    weeks have ended. So no cohort drops out on the way, and the newest months are missing.
    Activated users are those who stayed long enough to activate: that their curve is higher is not
    an effect of activating, and their week 0 holds the activation itself. Two neighbouring weeks
    whose intervals overlap may differ by chance: read the run of weeks. -#}
with

retention as (

    select
        cohort_anchor,
        cohort_date,
        period_number,
        cohort_user_count,
        eligible_user_count,
        retained_user_count
    from {{ ref('retention_by_cohort') }}
    where cohort_grain = 'month' and segment_type = 'all' and period_grain = 'week'

),

closed_cohorts as (

    select
        cohort_anchor,
        cohort_date
    from retention
    group by cohort_anchor, cohort_date
    having min(eligible_user_count) = max(cohort_user_count)

),

weeks as (

    select
        retention.cohort_anchor,
        retention.period_number,
        min(retention.cohort_date) as first_month,
        max(retention.cohort_date) as last_month,
        {{ sum_as_bigint('retention.eligible_user_count') }} as user_count,
        {{ sum_as_bigint('retention.retained_user_count') }} as retained_user_count
    from retention
    inner join closed_cohorts
        on
            retention.cohort_anchor = closed_cohorts.cohort_anchor
            and retention.cohort_date = closed_cohorts.cohort_date
    group by retention.cohort_anchor, retention.period_number

),

weeks_with_rates as (

    select
        *,
        {{ rate_with_interval('retention_rate', 'retained_user_count', 'user_count') }},
        lag(retained_user_count) over (partition by cohort_anchor order by period_number)
            as retained_user_count_before
    from weeks

),

retention_curve_of_closed_cohorts as (

    select
        cohort_anchor as counted_from,
        first_month,
        last_month,
        period_number as week_number,
        user_count,
        retained_user_count,
        {{ rounded_rate('retention_rate') }},
        cast(
            {{ rate('retained_user_count', 'retained_user_count_before') }} as decimal(9, 2)
        ) as kept_of_week_before
    from weeks_with_rates

)

select *
from retention_curve_of_closed_cohorts
order by counted_from desc, week_number asc
