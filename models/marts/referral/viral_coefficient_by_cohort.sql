{#- How many new users does each user of a signup cohort bring?
    k = i * c: invitations per user times signups per invitation, over members whose window has closed.
    Every cohort has a row, also one without such members. Where nobody has an inviter, nothing about
    invited signups is measured, which is not zero. -#}
with

inviter_counts_by_key as (

    select
        cohort_key,
        count(*) as cohort_user_count,
        {{ exact_sum('invitation_count') }} as invitation_count,
        count(case when invitation_count > 0 then 1 end) as inviting_user_count,
        count(case when is_fully_observed then 1 end) as fully_observed_user_count
    from {{ ref('int_inviters') }}
    group by cohort_key

),

inviter_counts as (

    {{ spread_over_cohorts(
        'inviter_counts_by_key', ref('int_cohort_segments'), every_cohort=true,
        sums=[
            'cohort_user_count', 'invitation_count', 'inviting_user_count',
            'fully_observed_user_count',
        ],
    ) }}

),

invited_users as (

    select
        cohort_key,
        viral_cycle_microseconds,
        is_counted_as_activated
    from {{ ref('int_invited_signups') }}

),

invited_counts as (

    {% call aggregate_over_cohorts('invited_users', ref('int_cohort_segments')) %}
        count(*) as invited_signup_count,
        count(case when is_counted_as_activated then 1 end) as invited_activated_count,
        {{ percentile_seconds('viral_cycle_microseconds', 0.5) }} as median_viral_cycle_seconds
    {% endcall %}

),

measured as (

    select case when is_invited_by_measured then 0 end as nobody_count
    from {{ ref('int_referral_measured') }}

),

viral_coefficient_by_cohort as (

    select
        inviter_counts.*,
        invited_counts.median_viral_cycle_seconds,
        coalesce(invited_counts.invited_signup_count, measured.nobody_count)
            as invited_signup_count,
        coalesce(invited_counts.invited_activated_count, measured.nobody_count)
            as invited_activated_count
    from inviter_counts
    cross join measured
    left join invited_counts on {{ same_cohort('inviter_counts', 'invited_counts') }}

)

select
    {{ cohort_columns() }},
    cohort_user_count,
    invitation_count,
    inviting_user_count,
    invited_signup_count,
    {{ rate('invitation_count', 'cohort_user_count') }} as invitations_per_user,
    {{ rate('invited_signup_count', 'invitation_count') }} as invitation_conversion_rate,
    {{ rate('invited_signup_count', 'cohort_user_count') }} as k_factor,
    median_viral_cycle_seconds,
    fully_observed_user_count,
    invited_activated_count,
    {{ rate('invited_activated_count', 'fully_observed_user_count') }} as activated_k_factor
from viral_coefficient_by_cohort
