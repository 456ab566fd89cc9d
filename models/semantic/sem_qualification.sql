{#- Which users count in the PQL conversion rate, and who of them is a lead? -#}
with

users_pql as (

    select
        user_key,
        is_closed,
        is_pql,
        is_closed and is_activated as is_activated
    from {{ ref('int_pql_outcomes') }}

),

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

sem_qualification as (

    select
        users_pql.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        case when users_pql.is_closed then 1 else 0 end as eligible_user_count,
        case when users_pql.is_activated then 1 else 0 end as activated_user_count,
        case when users_pql.is_activated and users_pql.is_pql then 1 else 0 end as pql_user_count
    from users_pql
    inner join users on users_pql.user_key = users.user_key

)

select *
from sem_qualification
