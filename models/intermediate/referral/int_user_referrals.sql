{#- How many invitations has each user sent, and how many users has each brought, ever? -#}
with

users as (

    select
        user_key,
        user_id,
        invited_by,
        acquisition_type
    from {{ ref('int_users') }}

),

invitation_totals as (

    select
        user_key,
        {{ sum_as_bigint('invitation_count') }} as invitation_count
    from {{ ref('int_defined_events') }}
    where event_name = '{{ var("invitation_event") }}' and occurred_at is not null
    group by user_key

),

invited_counts as (

    select
        invited_by as inviter_id,
        count(*) as invited_signup_count
    from users
    where acquisition_type = 'invited'
    group by invited_by

),

measured as (

    select is_invited_by_measured
    from {{ ref('int_referral_measured') }}

),

int_user_referrals as (

    select
        users.user_key,
        coalesce(invitation_totals.invitation_count, 0) as invitation_count,
        case
            when measured.is_invited_by_measured
                then coalesce(invited_counts.invited_signup_count, 0)
        end as invited_signup_count
    from users
    cross join measured
    left join invitation_totals on users.user_key = invitation_totals.user_key
    left join invited_counts on users.user_id = invited_counts.inviter_id

)

select *
from int_user_referrals
