{#- To whom does each row of users belong, and which of a person's rows comes first? -#}
{{ config(pre_hook="{{ stop_at_long_chain(ref('int_identities')) }}") }}
{%- set others = user_columns() | reject('equalto', 'invited_by') | list -%}
with

users as (

    select
        file_name,
        is_unreadable,
        user_id,
        signed_up_at,
        invited_by,
        {{ others | join(', ') }},
        signup_found_by,
        updated_at
    from {{ ref('stg_users') }}
    union all
    select
        cast(null as {{ dbt.type_string() }}) as file_name,
        false as is_unreadable,
        user_id,
        signed_up_at,
        cast(null as {{ dbt.type_string() }}) as invited_by,
        {% for column in others -%}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {% endfor -%}
        {{ no_text('signup_found_by') }},
        cast(null as timestamp) as updated_at
    from {{ ref('int_anonymous_users') }}

),

identified_users as (

    select
        users.file_name,
        users.user_id as own_id,
        users.signed_up_at,
        users.{{ others | join(', users.') }},
        users.signup_found_by,
        users.updated_at,
        coalesce(identities.resolved_id, users.user_id) as user_id,
        coalesce(inviter_identities.resolved_id, users.invited_by) as invited_by,
        case
            when users.is_unreadable then 'unreadable_row'
            when users.user_id is null or users.signed_up_at is null then 'missing_key'
            when users.signed_up_at > {{ credible_until() }} then 'future_event'
        end as failed_check
    from users
    left join {{ ref('int_identities') }} as identities on users.user_id = identities.user_id
    left join {{ ref('int_identities') }} as inviter_identities
        on users.invited_by = inviter_identities.user_id

),

int_users_numbered as (

    -- Rows that failed a check are numbered apart, so a copy from the future is never a person's
    -- first row.
    select
        *,
        min(signed_up_at) over (partition by user_id, failed_check) as first_signed_up_at,
        row_number() over (
            partition by user_id, failed_check
            order by
                case when own_id = user_id then 0 else 1 end asc,
                updated_at desc nulls last,
                signed_up_at asc,
                own_id asc,
                {{ user_columns() | join(' asc nulls last, ') }} asc nulls last
        ) as copy_number
    from identified_users

)

select *
from int_users_numbered
