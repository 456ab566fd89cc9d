{#- Which periods of subscriptions count by the end of observation? -#}
with

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

subscriptions as (

    select *
    from {{ ref('int_subscriptions_classified') }}
    where removed_by is null

),

int_subscriptions as (

    select
        subscriptions.subscription_id,
        subscriptions.started_at,
        subscriptions.ended_at,
        subscriptions.monthly_amount,
        subscriptions.account_id,
        subscriptions.user_id,
        subscriptions.account_key
    from subscriptions
    cross join observation
    where subscriptions.started_at <= observation.observed_until_at

)

select *
from int_subscriptions
