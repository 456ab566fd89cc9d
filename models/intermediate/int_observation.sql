{#- Until when was the product watched, and since when?
    The newest record that counts, unless the var observed_until says otherwise. -#}
with

users as (

    select
        min(signed_up_at) as first_signup_at,
        max(signed_up_at) as last_signup_at
    from {{ ref('int_users') }}

),

user_days as (

    select max(last_event_at) as last_event_at
    from {{ ref('int_user_days') }}

),

observations as (

    select
        cast(users.first_signup_at as date) as first_signup_date,
        {% if observed_until() -%}
        {{ observed_until() }} as observed_until_at
        {%- else -%}
        greatest(users.last_signup_at, coalesce(user_days.last_event_at, users.last_signup_at))
            as observed_until_at
        {%- endif %}
    from users
    cross join user_days

),

int_observation as (

    select
        first_signup_date,
        observed_until_at,
        cast(observed_until_at as date) as observed_until_date
    from observations

)

select *
from int_observation
