{#- Is growth viral, and through which users?
    Read: k_factor = invitations_per_user (i) * invitation_conversion_rate (c), the new users that a
    user brings within the window. If i is low, get users to invite more; if c is low, improve the
    invitations. Above 1, growth feeds itself; below, it multiplies what other channels bring:
    users_per_acquired_user = 1 + k / (1 - k of invited users) counts a user and all generations of
    invited users after. It is empty without a row for invited users, and where their k is 1 or
    more. cycle_days is the time that a generation takes: halving it helps as much.
    Pitfall: segments are the inviter's. The 95 % interval of k is approximate (a score interval for
    a count in bunches, as many as an inviting user brings). activated_k_factor counts only invited
    users who activate, over older members, so it is not a share of k_factor. c may pass 1 where
    invitations go untracked. plan_tier is left out: the current plan follows use. -#}
with

virality as (

    select
        segment_type,
        segment_value,
        cohort_user_count,
        invitation_count,
        inviting_user_count,
        invited_signup_count,
        invitations_per_user,
        invitation_conversion_rate,
        k_factor,
        median_viral_cycle_seconds,
        activated_k_factor
    from {{ ref('viral_coefficient_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type in ('all', 'acquisition_type', 'install_source')

),

invited_users as (

    select max(k_factor) as k_factor
    from virality
    where segment_type = 'acquisition_type' and segment_value = 'invited'

),

segments as (

    select
        virality.*,
        invited_users.k_factor as k_factor_of_invited_users,
        {{ rate('virality.inviting_user_count', 'virality.cohort_user_count') }} as inviting_rate,
        -- A count of single signups is as spread as a Poisson count; one of bunches is wider.
        1 + coalesce(
            {{ rate('virality.invited_signup_count', 'virality.inviting_user_count') }}, 0
        ) as bunching
    from virality
    cross join invited_users

),

segments_with_margins as (

    select
        *,
        {{ rate('invited_signup_count + 1.92 * bunching', 'cohort_user_count') }}
            as k_factor_centre,
        1.96 * sqrt(bunching * invited_signup_count + 0.96 * bunching * bunching)
        * {{ rate('1', 'cohort_user_count') }} as k_factor_margin
    from segments

),

virality_by_channel as (

    select
        segment_type,
        segment_value,
        cohort_user_count,
        invited_signup_count,
        cast(inviting_rate as decimal(9, 3)) as inviting_rate,
        cast(invitations_per_user as decimal(9, 2)) as invitations_per_user,
        cast(invitation_conversion_rate as decimal(9, 3)) as invitation_conversion_rate,
        cast(k_factor as decimal(9, 3)) as k_factor,
        cast(k_factor_centre - k_factor_margin as decimal(9, 3)) as k_factor_ci_lower,
        cast(k_factor_centre + k_factor_margin as decimal(9, 3)) as k_factor_ci_upper,
        cast(median_viral_cycle_seconds / 86400 as decimal(9, 1)) as cycle_days,
        cast(activated_k_factor as decimal(9, 3)) as activated_k_factor,
        cast(
            case
                when k_factor_of_invited_users < 1
                    then 1 + k_factor / (1 - k_factor_of_invited_users)
            end
            as decimal(9, 2)
        ) as users_per_acquired_user,
        case
            when k_factor is null then 'no window closed'
            when invited_signup_count = 0 then 'no invited signup'
            when k_factor_centre - k_factor_margin > 1 then 'viral by itself'
            when k_factor_centre + k_factor_margin < 1 then 'multiplies other growth'
            else 'the data do not tell'
        end as verdict
    from segments_with_margins

)

select *
from virality_by_channel
order by
    case when segment_type = 'all' then 0 else 1 end,
    segment_type asc, k_factor desc nulls last, segment_value asc
