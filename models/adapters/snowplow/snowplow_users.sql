{#- Who are the users of a Snowplow table? Everybody with a user_id in a row; no row has traits. -#}
with

delivered_rows as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at,
        is_event
    from {{ ref('snowplow_rows') }}

),

events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from delivered_rows
    where is_event

),

states as (

    select
        user_id,
        1 as state_rank,
        cast(null as timestamp) as stated_at,
        cast(null as timestamp) as received_at,
        {{ no_text('row_id') }},
        {{ no_traits() }},
        {{ no_text('group_id') }}
    from delivered_rows
    where {{ '1 = 0' }}

),

snowplow_users as (

    {{ vendor_users('delivered_rows', 'states', 'events') }}

)

select *
from snowplow_users
