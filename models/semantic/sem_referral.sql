{#- Which users count in the viral coefficient, and how many new users did each of them bring? -#}
with

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

inviters as (

    select user_key
    from {{ ref('int_inviters') }}

),

invited_counts as (

    select
        inviter_user_key,
        count(*) as invited_signup_count
    from {{ ref('int_invited_signups') }}
    group by inviter_user_key

),

referral as (

    select is_invited_by_measured
    from {{ ref('int_referral_measured') }}

),

sem_referral as (

    select
        users.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        case when inviters.user_key is not null then 1 else 0 end as cohort_user_count,
        case
            when referral.is_invited_by_measured
                then coalesce(invited_counts.invited_signup_count, 0)
        end as invited_signup_count
    from users
    cross join referral
    left join inviters on users.user_key = inviters.user_key
    left join invited_counts on users.user_key = invited_counts.inviter_user_key

)

select *
from sem_referral
