{#- What was decided in reading the accounts, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_account_decisions as (

    {{ delivered_and_counted('accounts', ref('int_accounts_classified'), 'created_at') }}

)

select *
from int_account_decisions
