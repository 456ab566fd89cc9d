{#- Which users count in the activation rate of each window, and who of them activated in it? -#}
with

users_by_window as (

    select
        user_key,
        window_days,
        is_window_closed,
        is_activated
    from {{ ref('int_users_activated_by_window') }}

),

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

sem_activation as (

    select
        users_by_window.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        users_by_window.window_days,
        users_by_window.window_days = {{ var('activation_windows_days') | max }}
            as is_longest_window,
        case when users_by_window.is_window_closed then 1 else 0 end as eligible_user_count,
        case
            when users_by_window.is_window_closed and users_by_window.is_activated then 1 else 0
        end as activated_user_count
    from users_by_window
    inner join users on users_by_window.user_key = users.user_key

)

select *
from sem_activation
