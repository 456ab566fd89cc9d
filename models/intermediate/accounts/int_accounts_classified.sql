{#- Which accounts count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
{%- set order_columns = {
    'acquisition_type': 'acquisition_type', 'install_source': 'install_source', 'plan_tier': 'plan_tier'
} -%}
{%- for segment in segment_rows(ref('segments')) if segment.source_table == 'accounts' -%}
    {%- do order_columns.setdefault(segment.source_column, 'segment_' ~ segment.slot) -%}
{%- endfor -%}
{%- set ordered = order_columns | dictsort(case_sensitive=true) | map('last') -%}
with

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

accounts as (

    select
        delivered.file_name,
        delivered.is_unreadable,
        delivered.account_id,
        delivered.created_at,
        delivered.account_name,
        delivered.seat_count,
        delivered.trial_ends_at,
        delivered.plan_tier,
        delivered.install_source,
        delivered.acquisition_type,
        {% for slot in segment_slots() -%}
        delivered.segment_{{ slot }},
        {% endfor -%}
        case
            when delivered.trial_started_at <= observation.observed_until_at
                then delivered.trial_started_at
        end as trial_started_at
    from {{ ref('stg_accounts') }} as delivered
    cross join observation

),

users_accounts as (

    select distinct account_id
    from {{ ref('int_users') }}
    where account_id is not null

),

excluded_accounts as (

    select account_id
    from {{ ref('int_excluded_accounts') }}

),

checked_accounts as (

    select
        accounts.*,
        case
            when accounts.is_unreadable then 'unreadable_row'
            when accounts.account_id is null then 'missing_key'
            when accounts.created_at is null and users_accounts.account_id is null
                then 'missing_key'
            when accounts.created_at > {{ credible_until() }} then 'future_event'
            when excluded_accounts.account_id is not null then 'excluded_user'
        end as failed_check
    from accounts
    left join users_accounts on accounts.account_id = users_accounts.account_id
    left join excluded_accounts on accounts.account_id = excluded_accounts.account_id

),

numbered_accounts as (

    select
        *,
        row_number() over (
            partition by account_id, failed_check
            order by
                created_at asc nulls last,
                trial_started_at asc nulls last,
                trial_ends_at asc nulls last,
                seat_count asc nulls last,
                account_name asc nulls last,
                {{ ordered | join(' asc nulls last, ') }} asc nulls last
        ) as copy_number
    from checked_accounts

),

int_accounts_classified as (

    select
        *,
        case
            when failed_check is not null then failed_check
            when copy_number > 1 then 'duplicate_account'
        end as removed_by
    from numbered_accounts

)

select *
from int_accounts_classified
