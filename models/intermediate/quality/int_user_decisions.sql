{#- What was decided in reading the users, and how often? -#}
with

int_user_decisions as (

    {{ delivered_and_counted(
        'users', ref('int_users_classified'), 'delivered_at', 'signed_up_at'
    ) }}

)

select *
from int_user_decisions
