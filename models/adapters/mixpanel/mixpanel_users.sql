{#- Who are the users of a Mixpanel export, and what is known about them? Everybody who has a
    profile, into whom others were merged, or whose user_id is in a row of events. -#}
with

delivered_people as (

    select *
    from {{ ref('mixpanel_people') }}

),

people as (

    select *
    from delivered_people
    where copy_number = 1

),

event_rows as (

    select *
    from {{ ref('mixpanel_event_rows') }}

),

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from {{ ref('mixpanel_events') }}

),

account_group as (

    {{ first_account_group('event_rows') }}

),

states as (

    select
        user_id,
        1 as state_rank,
        cast(null as timestamp) as stated_at,
        received_at,
        {{ no_text('row_id') }},
        {% for column in trait_columns() -%}
        {{ column }},
        {% endfor -%}
        {{ no_text('group_id') }}
    from people
    union all
    select
        event_rows.user_id,
        2 as state_rank,
        event_rows.occurred_at as stated_at,
        event_rows.received_at,
        event_rows.event_id as row_id,
        {{ no_traits() }},
        {{ account_group_id('event_rows') }} as group_id
    from event_rows
    cross join account_group

),

ids as (

    select user_id
    from {{ ref('mixpanel_identified') }}
    union all
    select user_id
    from event_rows

),

users as (

    {{ vendor_users('ids', 'states', 'events', vendor_times='people') }}

),

mixpanel_users as (

    select *
    from users
    union all
    {{ unreadable_users(['delivered_people']) }}

)

select *
from mixpanel_users
