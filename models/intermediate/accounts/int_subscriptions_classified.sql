{#- Which periods of subscriptions count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
with

users as (

    select
        user_id,
        coalesce(account_id, concat('user:', user_id)) as account_key
    from {{ ref('int_users') }}

),

excluded_accounts as (

    select account_id
    from {{ ref('int_excluded_accounts') }}

),

excluded_people as (

    select user_id
    from {{ ref('int_excluded_people') }}

),

identified_subscriptions as (

    select
        delivered.file_name,
        delivered.is_unreadable,
        delivered.subscription_id,
        delivered.started_at,
        delivered.ended_at,
        delivered.monthly_amount,
        delivered.account_id,
        coalesce(identities.resolved_id, delivered.user_id) as user_id
    from {{ ref('stg_subscriptions') }} as delivered
    left join {{ ref('int_identities') }} as identities on delivered.user_id = identities.user_id

),

checked_subscriptions as (

    select
        subscriptions.*,
        coalesce(subscriptions.account_id, users.account_key) as account_key,
        case
            when subscriptions.is_unreadable then 'unreadable_row'
            when
                subscriptions.subscription_id is null
                or subscriptions.started_at is null
                or subscriptions.monthly_amount is null
                or (subscriptions.account_id is null and subscriptions.user_id is null)
                then 'missing_key'
            when subscriptions.started_at > {{ credible_until() }} then 'future_event'
            when excluded_accounts.account_id is not null then 'excluded_user'
            when subscriptions.account_id is null and excluded_people.user_id is not null
                then 'excluded_user'
            when subscriptions.account_id is null and users.user_id is null then 'unknown_user'
            when subscriptions.monthly_amount < 0 then 'bad_value'
            when subscriptions.ended_at <= subscriptions.started_at then 'empty_period'
        end as failed_check
    from identified_subscriptions as subscriptions
    left join users on subscriptions.user_id = users.user_id
    left join excluded_people on subscriptions.user_id = excluded_people.user_id
    left join excluded_accounts on subscriptions.account_id = excluded_accounts.account_id

),

numbered_subscriptions as (

    select
        *,
        row_number() over (
            partition by subscription_id, started_at, failed_check
            order by
                ended_at asc nulls last,
                monthly_amount asc nulls last,
                account_key asc nulls last,
                account_id asc nulls last
        ) as copy_number
    from checked_subscriptions

),

int_subscriptions_classified as (

    select
        *,
        case
            when failed_check is not null then failed_check
            when copy_number > 1 then 'duplicate_subscription'
        end as removed_by
    from numbered_subscriptions

)

select *
from int_subscriptions_classified
