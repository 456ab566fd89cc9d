{#- Which value of each segment type does each account have that users name?
    That of its row in accounts, else that of its first user. -#}
{%- set own = ['plan_tier', 'install_source'] -%}
{%- set segments = segment_rows(ref('segments')) -%}
with

accounts as (

    select
        account_id,
        unit_key,
        user_key,
        row_number() over (partition by unit_key order by signed_up_at, user_id) as user_number
    from {{ ref('int_unit_members') }}
    where unit_type = 'account'

),

first_users as (

    select *
    from {{ ref('int_user_segments') }}

),

valued_accounts as (

    select
        accounts.unit_key,
        {% for slot in segment_slots() -%}
        {%- set segment = segments | selectattr('slot', 'equalto', slot) | first -%}
        {%- if segment and segment.segment_type in own -%}
        coalesce(companies.{{ segment.segment_type }}, first_users.segment_{{ slot }})
            as segment_{{ slot }},
        {% else -%}
        first_users.segment_{{ slot }},
        {% endif -%}
        {%- endfor -%}
        coalesce(companies.acquisition_type, first_users.acquisition_type) as acquisition_type
    from accounts
    inner join first_users on accounts.user_key = first_users.user_key
    left join {{ ref('int_accounts') }} as companies on accounts.account_id = companies.account_id
    where accounts.user_number = 1

),

int_account_segments as (

    -- Users have keys of their own, below these.
    select
        *,
        (select max(first_users.segment_key) from first_users)
        + dense_rank() over (
            order by
                {% for segment in segments -%}
                segment_{{ segment.slot }},
                {% endfor -%}
                acquisition_type
        ) as segment_key
    from valued_accounts

)

select *
from int_account_segments
