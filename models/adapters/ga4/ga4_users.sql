{#- Who are the users of a GA4 export, and what is known about them? Everybody with a user_id in an
    event. Their traits are in events. -#}
{%- set traits = trait_places('user_properties.') -%}
{#- With another source there are none, so the SQL stays short. -#}
{%- set columns = {'user_properties': dbt.type_string()} if vendor_tables('ga4') else {} -%}
with

delivered_rows as (

    select *
    from {{ ref('ga4_rows') }}
    where not is_replaced

),

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from delivered_rows

),

traits_by_row as (

    {{ rows_of_table(
        {'name': 'events', 'relation': 'delivered_rows', 'columns': columns},
        {'other_ids': traits.ids, 'times': traits.times, 'texts': traits.texts},
        {
            'user_id': 'user_id',
            'occurred_at': 'occurred_at',
            'event_id': 'event_id',
            'traffic_source': 'traffic_source',
        },
    ) }}

),

states as (

    select
        user_id,
        1 as state_rank,
        occurred_at as stated_at,
        cast(null as timestamp) as received_at,
        event_id as row_id,
        {% for column in trait_columns() -%}
        {{ column }},
        {% endfor -%}
        {{ no_text('group_id') }},
        traffic_source
    from traits_by_row
    where user_id is not null

),

first_touches as (

    select
        user_id,
        min(first_seen_at) as first_seen_at
    from delivered_rows
    where user_id is not null
    group by user_id

),

traffic_sources as (

    {{ latest_traits('states', columns=['traffic_source']) }}

),

vendor_times as (

    select
        first_touches.user_id,
        first_touches.first_seen_at,
        traffic_sources.traffic_source
    from first_touches
    left join traffic_sources on first_touches.user_id = traffic_sources.user_id

),

ga4_users as (

    {{ vendor_users(
        'delivered_rows', 'states', 'events',
        vendor_times='vendor_times', install_source='traffic_source',
    ) }}

)

select *
from ga4_users
