{#- Every user is in exactly one cohort of each grain and one value of each segment. So the sum of
    signups is the number of users, and the activation cohorts add up to the activated users. -#}
with

users as (

    select
        count(*) as user_count,
        count(users_activated.user_key) as activated_count
    from {{ ref('int_users') }} as members
    left join {{ ref('int_users_activated') }} as users_activated
        on members.user_key = users_activated.user_key

),

cohort_sums as (

    select
        'activation_by_cohort' as mart,
        'signup' as cohort_anchor,
        cohort_grain,
        segment_type,
        sum(signup_count) as user_count
    from {{ ref('activation_by_cohort') }}
    group by cohort_grain, segment_type, window_days
    union all
    select
        'time_to_first_value_by_cohort' as mart,
        'signup' as cohort_anchor,
        cohort_grain,
        segment_type,
        sum(signup_count) as user_count
    from {{ ref('time_to_first_value_by_cohort') }}
    group by cohort_grain, segment_type
    union all
    select
        'retention_by_cohort' as mart,
        cohort_anchor,
        cohort_grain,
        segment_type,
        sum(cohort_user_count) as user_count
    from {{ ref('retention_by_cohort') }}
    group by cohort_anchor, cohort_grain, segment_type, period_grain, period_number

)

select
    cohort_sums.*,
    users.user_count as expected_signup_count,
    users.activated_count as expected_activation_count
from cohort_sums
cross join users
where
    cohort_sums.user_count
    <> case cohort_sums.cohort_anchor
        when 'signup' then users.user_count
        else users.activated_count
    end
