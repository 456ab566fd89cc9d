{#- What does a PostHog export know of each account? What was set of its group, the latest value of each key. -#}
{%- set places = posthog_account_places() -%}
{%- set columns = places.times.keys() | list + places.texts.keys() | list -%}
with

states as (

    select
        account_id,
        1 as state_rank,
        occurred_at as stated_at,
        received_at,
        event_id as row_id,
        {% for column in columns -%}
        {{ raw_column(column) }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('posthog_groups') }}
    where account_id is not null

),

ids as (

    select distinct account_id
    from states

),

traits as (

    {{ latest_traits('states', 'account_id', columns) }}

),

posthog_accounts as (

    select
        ids.account_id,
        {% for column in columns if column not in ['account_name', 'other_name'] -%}
        traits.{{ raw_column(column) }},
        {% endfor -%}
        coalesce(traits.account_name, traits.other_name) as account_name,
        {{ no_text('file_name') }},
        cast(0 = 1 as boolean) as is_unreadable
    from ids
    left join traits on ids.account_id = traits.account_id

)

select *
from posthog_accounts
