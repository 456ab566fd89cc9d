{#- How long does each signup cohort take to first value, and how many get there?
    The quantiles describe those who got there within the window. The Kaplan-Meier median looks at all
    signups, those still under way included: it is fair to slow users and young cohorts. -#}
with

users as (

    select
        cohort_key,
        is_window_closed,
        time_to_first_value_microseconds,
        is_window_closed and is_reached_in_window as is_reached
    from {{ ref('int_users_first_value') }}

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

    {{ spread_over_cohorts(
        'counts_by_key', ref('int_cohort_segments'),
        sums=['signup_count', 'eligible_user_count', 'reached_user_count'],
    ) }}

),

reached_users as (

    select
        cohort_key,
        time_to_first_value_microseconds
    from users
    where is_reached

),

durations as (

    {% call aggregate_over_cohorts('reached_users', ref('int_cohort_segments')) -%}
        {{ mean_seconds('time_to_first_value_microseconds') }} as mean_seconds,
        {{ percentile_seconds('time_to_first_value_microseconds', 0.5) }} as median_seconds,
        {{ percentile_seconds('time_to_first_value_microseconds', 0.75) }} as p75_seconds,
        {{ percentile_seconds('time_to_first_value_microseconds', 0.9) }} as p90_seconds
    {% endcall %}

),

survival_medians as (

    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        cast(min(day_number) as {{ engine_type('double') }}) as median_days
    from {{ ref('int_first_value_survival') }}
    where survival_probability <= 0.5 + 1e-12
    group by cohort_grain, cohort_date, segment_type, segment_value

),

time_to_first_value_by_cohort as (

    select
        {{ cohort_columns('counts') }},
        counts.signup_count,
        counts.eligible_user_count,
        counts.reached_user_count,
        {{ rate_with_interval(
            'reached_rate', 'counts.reached_user_count', 'counts.eligible_user_count'
        ) }},
        durations.mean_seconds as mean_time_to_first_value_seconds,
        durations.median_seconds as median_time_to_first_value_seconds,
        durations.p75_seconds as p75_time_to_first_value_seconds,
        durations.p90_seconds as p90_time_to_first_value_seconds,
        survival_medians.median_days as km_median_time_to_first_value_days
    from counts
    left join durations on {{ same_cohort('counts', 'durations') }}
    left join survival_medians on {{ same_cohort('counts', 'survival_medians') }}

)

select *
from time_to_first_value_by_cohort
