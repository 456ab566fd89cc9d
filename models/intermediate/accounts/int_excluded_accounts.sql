{#- Which accounts belong to excluded users alone?
    An excluded user has the account, and no user that counts. -#}
with

users_accounts as (

    select distinct account_id
    from {{ ref('int_users') }}
    where account_id is not null

),

excluded_accounts as (

    select distinct account_id
    from {{ ref('int_users_classified') }}
    where removed_by = 'excluded_user' and account_id is not null

),

int_excluded_accounts as (

    select excluded_accounts.account_id
    from excluded_accounts
    left join users_accounts on excluded_accounts.account_id = users_accounts.account_id
    where users_accounts.account_id is null

)

select *
from int_excluded_accounts
