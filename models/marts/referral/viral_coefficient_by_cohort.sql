{#- How many new users does each user of a signup cohort bring?
    k = i * c: invitations per user times signups per invitation, over members whose window has closed. -#}
with

inviters as (

    select
        cohort_key,
        invitation_count,
        is_fully_observed
    from {{ ref('int_inviters') }}

),

invited_users as (

    select
        cohort_key,
        viral_cycle_microseconds,
        is_counted_as_activated
    from {{ ref('int_invited_signups') }}

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

inviter_counts_by_key as (

    select
        cohort_key,
        count(*) as cohort_user_count,
        {{ exact_sum('invitation_count') }} as invitation_count,
        count(case when invitation_count > 0 then 1 end) as inviting_user_count,
        count(case when is_fully_observed then 1 end) as fully_observed_user_count
    from inviters
    group by cohort_key

),

inviter_counts as (

    -- All cohorts, those without a member whose window has closed, too.
    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        {{ sum_as_bigint('inviter_counts_by_key.cohort_user_count') }} as cohort_user_count,
        {{ sum_as_bigint('inviter_counts_by_key.invitation_count') }} as invitation_count,
        {{ sum_as_bigint('inviter_counts_by_key.inviting_user_count') }} as inviting_user_count,
        {{ sum_as_bigint('inviter_counts_by_key.fully_observed_user_count') }} as fully_observed_user_count
    from segments
    left join inviter_counts_by_key on segments.cohort_key = inviter_counts_by_key.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value

),

invited_counts as (

    select
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value,
        count(*) as invited_signup_count,
        count(case when invited_users.is_counted_as_activated then 1 end)
            as invited_activated_count,
        {{ percentile_seconds('invited_users.viral_cycle_microseconds', 0.5) }}
            as median_viral_cycle_seconds
    from invited_users
    inner join segments on invited_users.cohort_key = segments.cohort_key
    group by
        segments.cohort_grain,
        segments.cohort_date,
        segments.segment_type,
        segments.segment_value

),

viral_coefficient_by_cohort as (

    select
        inviter_counts.cohort_grain,
        inviter_counts.cohort_date,
        inviter_counts.segment_type,
        inviter_counts.segment_value,
        invited_counts.median_viral_cycle_seconds,
        coalesce(inviter_counts.cohort_user_count, 0) as cohort_user_count,
        coalesce(inviter_counts.invitation_count, 0) as invitation_count,
        coalesce(inviter_counts.inviting_user_count, 0) as inviting_user_count,
        coalesce(invited_counts.invited_signup_count, 0) as invited_signup_count,
        coalesce(inviter_counts.fully_observed_user_count, 0) as fully_observed_user_count,
        coalesce(invited_counts.invited_activated_count, 0) as invited_activated_count
    from inviter_counts
    left join invited_counts
        on
            inviter_counts.cohort_grain = invited_counts.cohort_grain
            and inviter_counts.cohort_date = invited_counts.cohort_date
            and inviter_counts.segment_type = invited_counts.segment_type
            and inviter_counts.segment_value = invited_counts.segment_value

)

select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
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
