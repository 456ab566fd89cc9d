{#- Who are the users of an Amplitude export, and what is known about them? Everybody with a user_id
    in a row of events. Their traits are in events and in the rows of $identify. -#}
with

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from {{ ref('amplitude_events') }}

),

event_rows as (

    select
        *,
        is_event or raw_event_name = '$identify' as has_traits
    from {{ ref('amplitude_event_rows') }}

),

account_group as (

    {{ first_account_group('event_rows') }}

),

states as (

    select
        event_rows.user_id,
        1 as state_rank,
        event_rows.occurred_at as stated_at,
        event_rows.received_at,
        event_rows.event_id as row_id,
        {% for column in trait_columns() -%}
        case when event_rows.has_traits then event_rows.{{ column }} end as {{ column }},
        {% endfor -%}
        {{ account_group_id('event_rows') }} as group_id
    from event_rows
    cross join account_group

),

vendor_times as (

    select
        user_id,
        min(first_seen_at) as first_seen_at
    from event_rows
    where user_id is not null
    group by user_id

),

amplitude_users as (

    {{ vendor_users('event_rows', 'states', 'events', vendor_times='vendor_times') }}

)

select *
from amplitude_users
