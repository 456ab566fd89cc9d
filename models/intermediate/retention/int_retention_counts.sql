{#- For each period since the anchor: how many members could be seen in all of it, and how many of
    those were active in it?
    A period counts for a member once its last day has ended. It counts by slice, because there may be
    as many cohort keys as users. -#}
with

members as (

    select
        members.cohort_key,
        {{ closed_day_count() }} as closed_day_count,
        count(*) as user_count
    from {{ ref('int_cohort_members') }} as members
    cross join {{ ref('int_observation') }} as observation
    group by members.cohort_key, {{ closed_day_count() }}

),

slices as (

    select
        cohort_key,
        slice_key
    from {{ ref('int_cohort_slices') }}

),

slice_members as (

    select
        slices.slice_key,
        members.closed_day_count,
        {{ sum_as_bigint('members.user_count') }} as user_count
    from members
    inner join slices on members.cohort_key = slices.cohort_key
    group by slices.slice_key, members.closed_day_count

),

periods as (

    select
        period_grain,
        period_number,
        period_end_day
    from {{ ref('int_retention_periods') }}

),

eligible_users as (

    select
        members.slice_key,
        periods.period_grain,
        periods.period_number,
        {{ sum_as_bigint('members.user_count') }} as cohort_user_count,
        {{ sum_as_bigint(
            'case when periods.period_end_day < members.closed_day_count '
            ~ 'then members.user_count else 0 end'
        ) }} as eligible_user_count
    from slice_members as members
    cross join periods
    group by members.slice_key, periods.period_grain, periods.period_number

),

returns as (

    select
        slices.slice_key,
        retained.period_grain,
        retained.period_number,
        {{ sum_as_bigint('retained.retained_user_count') }} as retained_user_count
    from {{ ref('int_retention_returns') }} as retained
    inner join slices on retained.cohort_key = slices.cohort_key
    group by slices.slice_key, retained.period_grain, retained.period_number

),

int_retention_counts as (

    select
        eligible_users.slice_key,
        eligible_users.period_grain,
        eligible_users.period_number,
        eligible_users.cohort_user_count,
        eligible_users.eligible_user_count,
        coalesce(returns.retained_user_count, 0) as retained_user_count
    from eligible_users
    left join returns
        on
            eligible_users.slice_key = returns.slice_key
            and eligible_users.period_grain = returns.period_grain
            and eligible_users.period_number = returns.period_number

)

select *
from int_retention_counts
