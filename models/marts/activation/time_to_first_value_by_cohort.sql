{#- How long does each signup cohort take to first value, and how many get there?
    The quantiles describe those who got there within the window; the Kaplan-Meier median looks at all
    signups, those still under way included, and so is fair to slow users and young cohorts. -#}
with

users as (

    select
        cohort_key,
        is_window_closed,
        time_to_first_value_microseconds,
        is_window_closed and is_reached_in_window as is_reached
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

survival as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        day_number,
        survival_probability
    from {{ ref('int_first_value_survival') }}

),

counts_by_key as (

    select
        cohort_key,
        count(*) as signup_count,
        count(case when is_window_closed then 1 end) as eligible_user_count,
        count(case when is_reached then 1 end) as reached_user_count
    from users
    group by cohort_key

),

counts as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        {{ sum_as_bigint('counts_by_key.signup_count') }} as signup_count,
        {{ sum_as_bigint('counts_by_key.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('counts_by_key.reached_user_count') }} as reached_user_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value

),

durations as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        {{ mean_seconds('users.time_to_first_value_microseconds') }}
            as mean_time_to_first_value_seconds,
        {{ percentile_seconds('users.time_to_first_value_microseconds', 0.5) }}
            as median_time_to_first_value_seconds,
        {{ percentile_seconds('users.time_to_first_value_microseconds', 0.75) }}
            as p75_time_to_first_value_seconds,
        {{ percentile_seconds('users.time_to_first_value_microseconds', 0.9) }}
            as p90_time_to_first_value_seconds
    from users
    inner join segments on users.cohort_key = segments.cohort_key
    where users.is_reached
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value

),

survival_medians as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        cast(min(day_number) as {{ engine_type('double') }}) as km_median_time_to_first_value_days
    from survival
    where survival_probability <= 0.5 + 1e-12
    group by cohort_grain, cohort_date, segment_type, segment_value

),

time_to_first_value_by_cohort as (

    select
        counts.cohort_grain,
        counts.cohort_date,
        counts.segment_type,
        counts.segment_value,
        counts.signup_count,
        counts.eligible_user_count,
        counts.reached_user_count,
        {{ rate('counts.reached_user_count', 'counts.eligible_user_count') }} as reached_rate,
        {{ wilson_interval(
            'counts.reached_user_count', 'counts.eligible_user_count', 'reached_rate'
        ) }},
        durations.mean_time_to_first_value_seconds,
        durations.median_time_to_first_value_seconds,
        durations.p75_time_to_first_value_seconds,
        durations.p90_time_to_first_value_seconds,
        survival_medians.km_median_time_to_first_value_days
    from counts
    left join durations
        on
            counts.cohort_grain = durations.cohort_grain
            and counts.cohort_date = durations.cohort_date
            and counts.segment_type = durations.segment_type
            and counts.segment_value = durations.segment_value
    left join survival_medians
        on
            counts.cohort_grain = survival_medians.cohort_grain
            and counts.cohort_date = survival_medians.cohort_date
            and counts.segment_type = survival_medians.segment_type
            and counts.segment_value = survival_medians.segment_value

)

select *
from time_to_first_value_by_cohort
