{#- Whom did each user bring within the time after signup, how soon, and did they activate? -#}
with

inviters as (

    select
        user_key,
        cohort_key,
        signed_up_at,
        deadline_at,
        is_fully_observed
    from {{ ref('int_inviters') }}

),

users as (

    select
        user_key,
        signed_up_at,
        invited_by
    from {{ ref('int_users') }}
    where acquisition_type = 'invited'

),

users_activated as (

    select user_key
    from {{ ref('int_users_activated') }}

),

int_invited_signups as (

    select
        users.user_key,
        inviters.user_key as inviter_user_key,
        inviters.cohort_key,
        {{ microseconds_between('inviters.signed_up_at', 'users.signed_up_at') }}
            as viral_cycle_microseconds,
        inviters.is_fully_observed and users_activated.user_key is not null
            as is_counted_as_activated
    from users
    inner join {{ ref('int_users') }} as inviting_users on users.invited_by = inviting_users.user_id
    inner join inviters
        on
            inviting_users.user_key = inviters.user_key
            and users.signed_up_at >= inviters.signed_up_at
            and users.signed_up_at < inviters.deadline_at
    left join users_activated on users.user_key = users_activated.user_key

)

select *
from int_invited_signups
