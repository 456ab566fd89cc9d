{#- Which signups count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
with

users as (

    select
        file_name,
        is_unreadable,
        user_id,
        account_id,
        signed_up_at,
        plan_tier,
        install_source,
        invited_by,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        updated_at
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
            when is_unreadable then 'unreadable_row'
            when user_id is null or signed_up_at is null then 'missing_key'
            when signed_up_at > {{ credible_until() }} then 'future_event'
        end as failed_check
    from users

),

numbered_users as (

    -- Rows that failed a check are apart: a copy from the future is never the first of a user.
    select
        *,
        min(signed_up_at) over (partition by user_id, failed_check) as first_signed_up_at,
        row_number() over (
            partition by user_id, failed_check
            order by
                updated_at desc nulls last,
                signed_up_at asc,
                account_id asc nulls last,
                plan_tier asc nulls last,
                install_source asc nulls last,
                invited_by asc nulls last
                {%- for slot in segment_slots() %},
                segment_{{ slot }} asc nulls last
                {%- endfor %}
        ) as copy_number
    from checked_users

),

classified_users as (

    select
        numbered_users.*,
        case
            when numbered_users.failed_check is not null then numbered_users.failed_check
            when numbered_users.copy_number > 1 then 'duplicate_user'
            when excluded_users.user_id is not null then 'excluded_user'
        end as removed_by
    from numbered_users
    left join excluded_users on numbered_users.user_id = excluded_users.user_id

),

int_users_classified as (

    select
        file_name,
        user_id,
        account_id,
        signed_up_at as delivered_at,
        plan_tier,
        install_source,
        invited_by,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        updated_at,
        removed_by,
        -- A newer row says what is true of a user today, not when they signed up.
        case
            when removed_by is null or removed_by = 'excluded_user' then first_signed_up_at
            else signed_up_at
        end as signed_up_at
    from classified_users

)

select *
from int_users_classified
