{#- Which users and accounts can become leads, since when, and when did each convert?
    Where any subscription is paid for, subscriptions say who converted, else the conversion event.

    Longer than 110 lines: users and accounts, subscriptions and events. -#}
with

members as (

    select
        unit_type,
        unit_key,
        user_key,
        user_id,
        account_id,
        signed_up_at
    from {{ ref('int_unit_members') }}

),

conversion_events as (

    select
        user_key,
        min(occurred_at) as converted_at
    from {{ ref('int_defined_events') }}
    where
        occurred_at is not null
        and event_name = {{ text_literal(var('conversion_event') or '') }}
    group by user_key

),

payers as (

    select
        account_key,
        min(started_at) as converted_at
    from {{ ref('int_subscriptions') }}
    where monthly_amount > 0
    group by account_key

),

payer_counts as (

    select count(*) as payer_count
    from payers

),

accounts as (

    select
        members.account_id,
        members.unit_key,
        min(members.signed_up_at) as first_signup_at,
        min(conversion_events.converted_at) as converted_at
    from members
    left join conversion_events on members.user_key = conversion_events.user_key
    where members.unit_type = 'account'
    group by members.account_id, members.unit_key

),

units as (

    select
        members.unit_type,
        members.unit_key,
        members.user_id as unit_id,
        members.account_id,
        coalesce(members.account_id, concat('user:', members.user_id)) as account_key,
        members.signed_up_at as started_at,
        user_segments.segment_key,
        case
            when members.account_id is null then conversion_events.converted_at
            else accounts.converted_at
        end as event_converted_at
    from members
    inner join {{ ref('int_user_segments') }} as user_segments
        on members.user_key = user_segments.user_key
    left join accounts on members.account_id = accounts.account_id
    left join conversion_events on members.user_key = conversion_events.user_key
    where members.unit_type = 'user'
    union all
    select
        'account' as unit_type,
        accounts.unit_key,
        accounts.account_id as unit_id,
        accounts.account_id,
        accounts.account_id as account_key,
        coalesce(companies.created_at, accounts.first_signup_at) as started_at,
        account_segments.segment_key,
        accounts.converted_at as event_converted_at
    from accounts
    inner join {{ ref('int_account_segments') }} as account_segments
        on accounts.unit_key = account_segments.unit_key
    left join {{ ref('int_accounts') }} as companies on accounts.account_id = companies.account_id

),

converted_units as (

    select
        units.unit_type,
        units.unit_key,
        units.unit_id,
        units.account_id,
        units.started_at,
        units.segment_key,
        {{ utc_date('units.started_at') }} as started_date,
        case
            when payer_counts.payer_count > 0 then payers.converted_at
            else units.event_converted_at
        end as converted_at
    from units
    cross join payer_counts
    left join payers on units.account_key = payers.account_key

),

int_pql_units as (

    select
        converted_units.unit_type,
        converted_units.unit_key,
        converted_units.unit_id,
        converted_units.account_id,
        converted_units.started_at,
        converted_units.started_date,
        least(
            cast(
                {{ dbt.dateadd('day', var('pql_history_days'), 'converted_units.started_date') }}
                as date
            ),
            {{ utc_date('observation.observed_until_at') }}
        ) as last_scored_date,
        converted_units.converted_at,
        count(converted_units.converted_at) over () > 0 as is_conversion_known,
        coalesce(converted_units.started_at >= observation.observed_from_at, true) as is_in_rates,
        converted_units.segment_key
    from converted_units
    cross join {{ ref('int_observation') }} as observation

)

select *
from int_pql_units
