{#- What share of each signup cohort activates within its window?
    A user enters the rate only once the window has closed, so that a young cohort is not understated. -#}
with

counts_by_key as (

    select
        cohort_key,
        window_days,
        count(*) as signup_count,
        count(case when is_window_closed then 1 end) as eligible_user_count,
        count(case when is_window_closed and is_activated then 1 end) as activated_user_count
    from {{ ref('int_users_activated_by_window') }}
    group by cohort_key, window_days

),

activation_by_cohort as (

    {{ spread_over_cohorts(
        'counts_by_key', ref('int_cohort_segments'), by=['window_days'],
        sums=['signup_count', 'eligible_user_count', 'activated_user_count'],
    ) }}

)

select
    *,
    {{ rate_with_interval('activation_rate', 'activated_user_count', 'eligible_user_count') }}
from activation_by_cohort
