{#- Who are the users of an Amplitude export, and what is known of them? Everybody with an event under a user_id
    of their own; what is known stands beside each event, and in the rows of identify. -#}
with

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from {{ ref('amplitude_events') }}

),

state_rows as (

    select *
    from {{ ref('amplitude_event_rows') }}
    where is_event or raw_event_name = '$identify'

),

account_group as (

    {{ first_account_group(ref('amplitude_event_rows')) }}

),

states as (

    select
        state_rows.user_id,
        1 as state_rank,
        state_rows.occurred_at as stated_at,
        state_rows.received_at,
        state_rows.event_id as row_id,
        {% for column in trait_columns() -%}
        state_rows.{{ column }},
        {% endfor -%}
        {{ account_group_id('state_rows') }} as group_id
    from state_rows
    cross join account_group

),

vendor_times as (

    select
        user_id,
        min(first_seen_at) as first_seen_at
    from state_rows
    where user_id is not null
    group by user_id

),

amplitude_users as (

    {{ vendor_users('events', 'states', 'events', 'events', vendor_times='vendor_times') }}

)

select *
from amplitude_users
