{#- Which signups had been delivered by observed_until, in clean types?
    An empty string is null. This model removes only signups after observed_until. -#}
with

users as (

    select
        user_id,
        account_id,
        created_at,
        plan_tier,
        install_source,
        invited_by
    from {{ ref(var('users_model')) if var('users_model') else source('raw', 'users') }}

),

stg_users as (

    select
        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(account_id as {{ dbt.type_string() }}), '') as account_id,
        cast(created_at as timestamp) as signed_up_at,
        nullif(cast(plan_tier as {{ dbt.type_string() }}), '') as plan_tier,
        nullif(cast(install_source as {{ dbt.type_string() }}), '') as install_source,
        nullif(cast(invited_by as {{ dbt.type_string() }}), '') as invited_by
    from users

)

select *
from stg_users
{% if observed_until() -%}
where signed_up_at is null or signed_up_at <= {{ observed_until() }}
{%- endif %}
