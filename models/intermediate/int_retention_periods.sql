{#- For each day and week since the anchor: how many members could be seen in it, and how many were?
    A period counts for those of its members for whom it has ended. -#}
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
        anchor_date,
        period_grain,
        period_number,
        count(*) as user_count
    from {{ ref('int_users_retained') }}
    group by cohort_key, anchor_date, period_grain, period_number

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

ended_periods as (

    select
        members.cohort_key,
        members.anchor_date,
        members.user_count,
        periods.period_grain,
        periods.period_number,
        case
            when
                {{ dbt.dateadd('day', 'periods.last_day_number', 'members.anchor_date') }}
                < observation.observed_until_date
                then members.user_count
            else 0
        end as eligible_count
    from members
    cross join periods
    cross join observation

),

int_retention_periods as (

    select
        ended_periods.cohort_key,
        ended_periods.period_grain,
        ended_periods.period_number,
        {{ total('ended_periods.user_count') }} as cohort_user_count,
        {{ total('ended_periods.eligible_count') }} as eligible_user_count,
        -- Nobody is eligible for a period that goes on, so nobody is retained in it.
        {{ total('least(ended_periods.eligible_count, coalesce(retained_users.user_count, 0))') }}
            as retained_user_count
    from ended_periods
    left join retained_users
        on
            ended_periods.cohort_key = retained_users.cohort_key
            and ended_periods.anchor_date = retained_users.anchor_date
            and ended_periods.period_grain = retained_users.period_grain
            and ended_periods.period_number = retained_users.period_number
    group by ended_periods.cohort_key, ended_periods.period_grain, ended_periods.period_number

)

select *
from int_retention_periods
