{#- Which signups count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
with

users as (

    select
        user_id,
        account_id,
        signed_up_at,
        plan_tier,
        install_source,
        invited_by
    from {{ ref('stg_users') }}

),

excluded_users as (

    select user_id
    from {{ ref('stg_excluded_users') }}

),

checked_users as (

    select
        *,
        case
            when user_id is null or signed_up_at is null then 'missing_key'
            when signed_up_at > {{ credible_until() }} then 'future_event'
        end as failed_check
    from users

),

numbered_users as (

    -- Rows that failed a check are numbered apart: a copy from the future is never the first.
    select
        *,
        row_number() over (
            partition by user_id, failed_check
            order by
                signed_up_at,
                account_id nulls last,
                plan_tier nulls last,
                install_source nulls last,
                invited_by nulls last
        ) as copy_number
    from checked_users

),

int_users_classified as (

    select
        numbered_users.user_id,
        numbered_users.account_id,
        numbered_users.signed_up_at,
        numbered_users.plan_tier,
        numbered_users.install_source,
        numbered_users.invited_by,
        case
            when numbered_users.failed_check is not null then numbered_users.failed_check
            when numbered_users.copy_number > 1 then 'duplicate_user'
            when excluded_users.user_id is not null then 'excluded_user'
        end as removed_by
    from numbered_users
    left join excluded_users on numbered_users.user_id = excluded_users.user_id

)

select *
from int_users_classified
