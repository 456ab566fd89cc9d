{#- What was decided in reading the subscriptions, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_subscription_decisions as (

    {{ delivered_and_counted(
        'subscriptions', ref('int_subscriptions_classified'), 'started_at'
    ) }}

)

select *
from int_subscription_decisions
