{#- Who counts as a user, and since when? -#}
with

users as (

    select
        user_id,
        account_id,
        signed_up_at,
        plan_tier,
        install_source,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        invited_by
    from {{ ref('int_users_classified') }}
    where removed_by is null

),

signups as (

    select
        user_id,
        user_key
    from {{ ref('int_signups') }}

),

int_users as (

    select
        users.*,
        signups.user_key,
        -- A user who names themselves as the inviter came alone.
        case
            when users.invited_by <> users.user_id then 'invited'
            else 'new'
        end as acquisition_type
    from users
    inner join signups on users.user_id = signups.user_id

)

select *
from int_users
