{#- Which accounts count by the end of observation? -#}
with

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

accounts as (

    select *
    from {{ ref('int_accounts_classified') }}
    where removed_by is null

),

int_accounts as (

    select
        accounts.account_id,
        accounts.created_at,
        accounts.account_name,
        accounts.seat_count,
        accounts.trial_started_at,
        accounts.trial_ends_at,
        accounts.plan_tier,
        accounts.install_source,
        {% for slot in segment_slots() -%}
        accounts.segment_{{ slot }},
        {% endfor -%}
        accounts.acquisition_type
    from accounts
    cross join observation
    where accounts.created_at is null or accounts.created_at <= observation.observed_until_at

)

select *
from int_accounts
