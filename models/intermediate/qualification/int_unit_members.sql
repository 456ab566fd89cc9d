{#- Whose doings count for each unit? A user's own, and for an account those of all its users. -#}
with

users as (

    select
        user_key,
        user_id,
        account_id,
        signed_up_at,
        plan_tier,
        install_source
    from {{ ref('int_users') }}

),

accounts as (

    select
        account_id,
        row_number() over (order by account_id) as unit_key
    from users
    where account_id is not null
    group by account_id

),

int_unit_members as (

    select
        'user' as unit_type,
        users.user_key as unit_key,
        users.user_key,
        users.user_id,
        users.account_id,
        users.signed_up_at,
        users.plan_tier,
        users.install_source
    from users
    union all
    select
        'account' as unit_type,
        accounts.unit_key,
        users.user_key,
        users.user_id,
        users.account_id,
        users.signed_up_at,
        users.plan_tier,
        users.install_source
    from users
    inner join accounts on users.account_id = accounts.account_id

)

select *
from int_unit_members
