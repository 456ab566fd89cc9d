{#- Which signups had been delivered by observed_until, in clean types?
    An empty string is null. This model removes only signups after observed_until. -#}
{%- set delivered = ref(var('users_model')) if var('users_model') else source('raw', 'users') -%}
with

users as (

    select
        user_id,
        account_id,
        created_at,
        plan_tier,
        install_source,
        invited_by,
        {{ delivered_or_null('users', delivered, 'updated_at') }} as updated_at,
        {{ delivered_or_null('users', delivered, 'received_at') }} as received_at,
        {{ made_or_null('users', 'file_name') }} as file_name,
        {{ made_or_null('users', 'is_unreadable') }} as is_unreadable
    from {{ delivered }}

),

stg_users as (

    select
        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(account_id as {{ dbt.type_string() }}), '') as account_id,
        cast(created_at as timestamp) as signed_up_at,
        nullif(cast(plan_tier as {{ dbt.type_string() }}), '') as plan_tier,
        nullif(cast(install_source as {{ dbt.type_string() }}), '') as install_source,
        nullif(cast(invited_by as {{ dbt.type_string() }}), '') as invited_by,
        coalesce(cast(updated_at as timestamp), cast(received_at as timestamp)) as updated_at,
        file_name,
        coalesce(is_unreadable, 1 = 0) as is_unreadable
    from users

)

select *
from stg_users
{% if observed_until() -%}
where signed_up_at is null or signed_up_at <= {{ observed_until() }}
{%- endif %}
