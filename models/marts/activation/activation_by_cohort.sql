{#- What share of each signup cohort activates within its window?
    A user enters the rate only once the window has closed, so a young cohort is never understated. -#}
with

users as (

    select
        cohort_key,
        window_days,
        is_window_closed,
        is_activated
    from {{ ref('int_users_activated_by_window') }}

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
        window_days,
        count(*) as signup_count,
        count(case when is_window_closed then 1 end) as eligible_user_count,
        count(case when is_window_closed and is_activated then 1 end) as activated_user_count
    from users
    group by cohort_key, window_days

),

activation_by_cohort as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.window_days,
        {{ sum_as_bigint('counts_by_key.signup_count') }} as signup_count,
        {{ sum_as_bigint('counts_by_key.eligible_user_count') }} as eligible_user_count,
        {{ sum_as_bigint('counts_by_key.activated_user_count') }} as activated_user_count
    from counts_by_key
    inner join segments on counts_by_key.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        counts_by_key.window_days

)

select
    *,
    {{ rate('activated_user_count', 'eligible_user_count') }} as activation_rate,
    {{ wilson_interval('activated_user_count', 'eligible_user_count', 'activation_rate') }}
from activation_by_cohort
