{#- Who are the users of a Segment export, and what is known about them? Everybody with an id in
    users, identifies or an event.

    Longer than 110 lines: each table is imported once, for ids, traits, first rows and the rows
    that can't be read. -#}
{%- set traits = trait_places() -%}
with

delivered_users as (

    {{ vendor_rows(
        'segment', 'users',
        ids=dict({'user_id': 'id'}, **traits.ids),
        times=dict({'received_at': 'received_at'}, **traits.times),
        texts=traits.texts,
    ) }}

),

numbered_users as (

    -- With daily dumps or a log of changes, the newest row is true.
    select
        *,
        row_number() over (partition by user_id order by received_at desc nulls last) as copy_number
    from delivered_users

),

identifies as (

    {{ vendor_rows(
        'segment', 'identifies',
        ids=dict({'row_id': 'id', 'user_id': 'user_id'}, **traits.ids),
        times=dict({
            'stated_at': ['timestamp', 'received_at'], 'received_at': 'received_at',
        }, **traits.times),
        texts=traits.texts,
    ) }}

),

group_calls as (

    {{ vendor_rows(
        'segment', 'groups',
        ids={'row_id': 'id', 'user_id': 'user_id', 'group_id': 'group_id'},
        times={'stated_at': ['timestamp', 'received_at'], 'received_at': 'received_at'},
    ) }}

),

tracks as (

    {{ vendor_rows('segment', 'tracks', ids={'user_id': 'user_id'}) }}

),

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from {{ ref('segment_events') }}

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
    from numbered_users
    where copy_number = 1
    union all
    select
        user_id,
        2 as state_rank,
        stated_at,
        received_at,
        row_id,
        {% for column in trait_columns() -%}
        {{ column }},
        {% endfor -%}
        {{ no_text('group_id') }}
    from identifies
    union all
    select
        user_id,
        3 as state_rank,
        stated_at,
        received_at,
        row_id,
        {{ no_traits() }},
        group_id
    from group_calls

),

first_rows as (

    select
        user_id,
        occurred_at
    from events
    union all
    select
        user_id,
        stated_at as occurred_at
    from identifies

),

ids as (

    select user_id
    from delivered_users
    union all
    select user_id
    from first_rows
    union all
    -- Also for events that have a table.
    select user_id
    from tracks

),

users as (

    {{ vendor_users('ids', 'states', 'events', first_rows='first_rows') }}

),

segment_users as (

    select *
    from users
    union all
    {{ unreadable_users(['delivered_users', 'identifies']) }}

)

select *
from segment_users
