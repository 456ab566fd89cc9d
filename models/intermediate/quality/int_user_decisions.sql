{#- What was decided in reading the users, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_user_decisions as (

    {{ delivered_and_counted('users', ref('int_users_classified'), 'delivered_at') }}
    {%- for found_by in ways_to_a_signup() %}
    union all
    {{ decided(
        'users', 'signup_from_' ~ found_by if found_by != 'unknown' else 'signup_unknown',
        ref('int_users_classified'), 'delivered_at', "signup_found_by = '" ~ found_by ~ "'"
    ) }}
    {%- endfor %}

)

select *
from int_user_decisions
