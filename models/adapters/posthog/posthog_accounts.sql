{#- What does a PostHog export say about each account? The latest value of each key that was set for
    its group. -#}
with

states as (

    select
        account_id,
        1 as state_rank,
        occurred_at as stated_at,
        received_at,
        {% for column in account_trait_columns() -%}
        {{ column }},
        {% endfor -%}
        event_id as row_id
    from {{ ref('posthog_groups') }}
    where account_id is not null

),

posthog_accounts as (

    {{ vendor_accounts('states') }}

)

select *
from posthog_accounts
