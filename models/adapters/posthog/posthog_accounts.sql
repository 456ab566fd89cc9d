{#- What does a PostHog export know of each account? What was set of its group, the latest value
    of each key. -#}
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
