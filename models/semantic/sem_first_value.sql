{#- Which users count in the time to first value, and how long did those take who got there? -#}
with

users_first_value as (

    select
        user_key,
        is_window_closed,
        is_window_closed and is_reached_in_window as is_reached,
        {{ seconds('time_to_first_value_microseconds') }} as time_to_first_value_seconds
    from {{ ref('int_users_first_value') }}

),

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

sem_first_value as (

    select
        users_first_value.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        case when users_first_value.is_window_closed then 1 else 0 end as eligible_user_count,
        case when users_first_value.is_reached then 1 else 0 end as reached_user_count,
        case
            when users_first_value.is_reached then users_first_value.time_to_first_value_seconds
        end as time_to_first_value_seconds
    from users_first_value
    inner join users on users_first_value.user_key = users.user_key

)

select *
from sem_first_value
