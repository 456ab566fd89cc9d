{#- For each day and week since the anchor: how many members could be seen in it, and how many were?
    A member counts in a period once it has ended for that member. -#}
with

members as (

    select
        cohort_key,
        anchor_date,
        count(*) as user_count
    from {{ ref('int_cohort_members') }}
    group by cohort_key, anchor_date

),

retained_users as (

    select
        cohort_key,
        'day' as period_grain,
        day_number as period_number,
        user_count
    from {{ ref('int_retention_days') }}
    where day_number <= {{ var('retention_days') }}
    union all
    select
        cohort_key,
        'week' as period_grain,
        cast(floor(day_number / 7.0) as bigint) as period_number,
        sum(first_of_week_count) as user_count
    from {{ ref('int_retention_days') }}
    where day_number < 7 * ({{ var('retention_weeks') }} + 1)
    group by cohort_key, cast(floor(day_number / 7.0) as bigint)

),

observation as (

    select observed_until_date
    from {{ ref('int_observation') }}

),

days as (

    {{ numbers(var('retention_days'), 'period_number') }}

),

weeks as (

    {{ numbers(var('retention_weeks'), 'period_number') }}

),

periods as (

    select
        'day' as period_grain,
        period_number,
        period_number as last_day_number
    from days
    union all
    select
        'week' as period_grain,
        period_number,
        7 * period_number + 6 as last_day_number
    from weeks

),

eligible_users as (

    select
        members.cohort_key,
        periods.period_grain,
        periods.period_number,
        {{ sum_as_bigint('members.user_count') }} as cohort_user_count,
        {{ sum_as_bigint(
            "case when cast("
            ~ dbt.dateadd('day', 'periods.last_day_number', 'members.anchor_date')
            ~ " as date) < observation.observed_until_date then members.user_count else 0 end"
        ) }} as eligible_user_count
    from members
    cross join periods
    cross join observation
    group by members.cohort_key, periods.period_grain, periods.period_number

),

int_retention_periods as (

    select
        eligible_users.cohort_key,
        eligible_users.period_grain,
        eligible_users.period_number,
        eligible_users.cohort_user_count,
        eligible_users.eligible_user_count,
        cast(coalesce(retained_users.user_count, 0) as bigint) as retained_user_count
    from eligible_users
    left join retained_users
        on
            eligible_users.cohort_key = retained_users.cohort_key
            and eligible_users.period_grain = retained_users.period_grain
            and eligible_users.period_number = retained_users.period_number

)

select *
from int_retention_periods
