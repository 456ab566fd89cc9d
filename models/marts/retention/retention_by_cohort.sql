{#- Who comes back, day by day and week by week, after signing up and after activating?
    Every cell is there; one whose day or week has not ended has nobody eligible and no rate. -#}
with

members as (

    select cohort_key, anchor_date, count(*) as member_count
    from {{ ref('int_cohort_members') }}
    group by cohort_key, anchor_date

),

retained_users as (

    select cohort_key, anchor_date, period_grain, period_number
    from {{ ref('int_users_retained') }}

),

segments as (

    select cohort_key, cohort_anchor, cohort_grain, cohort_date, segment_type, segment_value
    from {{ ref('int_cohort_segments') }}

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

    select 'day' as period_grain, period_number, period_number as last_day_number
    from days
    union all
    select 'week' as period_grain, period_number, 7 * period_number + 6 as last_day_number
    from weeks

),

retained_counts as (

    select cohort_key, anchor_date, period_grain, period_number, count(*) as retained_count
    from retained_users
    group by cohort_key, anchor_date, period_grain, period_number

),

periods_by_anchor_date as (

    select
        members.cohort_key,
        members.anchor_date,
        members.member_count,
        periods.period_grain,
        periods.period_number,
        {{ dbt.dateadd('day', 'periods.last_day_number', 'members.anchor_date') }}
        < observation.observed_until_date as is_ended
    from members
    cross join periods
    cross join observation

),

counts_by_key as (

    select
        periods_by_anchor_date.cohort_key,
        periods_by_anchor_date.period_grain,
        periods_by_anchor_date.period_number,
        sum(periods_by_anchor_date.member_count) as cohort_user_count,
        sum(
            case
                when periods_by_anchor_date.is_ended then periods_by_anchor_date.member_count
                else 0
            end
        ) as eligible_user_count,
        sum(
            case
                when periods_by_anchor_date.is_ended
                    then coalesce(retained_counts.retained_count, 0)
                else 0
            end
        ) as retained_user_count
    from periods_by_anchor_date
    left join retained_counts
        on
            periods_by_anchor_date.cohort_key = retained_counts.cohort_key
            and periods_by_anchor_date.anchor_date = retained_counts.anchor_date
            and periods_by_anchor_date.period_grain = retained_counts.period_grain
            and periods_by_anchor_date.period_number = retained_counts.period_number
    group by
        periods_by_anchor_date.cohort_key,
        periods_by_anchor_date.period_grain,
        periods_by_anchor_date.period_number

),

retention_by_cohort as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        segments.cohort_anchor,
        counts_by_key.period_grain,
        counts_by_key.period_number,
        {{ total('counts_by_key.cohort_user_count') }} as cohort_user_count,
        {{ total('counts_by_key.eligible_user_count') }} as eligible_user_count,
        {{ total('counts_by_key.retained_user_count') }} as retained_user_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        segments.cohort_anchor,
        counts_by_key.period_grain,
        counts_by_key.period_number

)

select
    *,
    {{ rate('retained_user_count', 'eligible_user_count') }} as retention_rate,
    {{ wilson_interval('retained_user_count', 'eligible_user_count', 'retention_rate') }}
from retention_by_cohort
