{#- Who are the users of a PostHog export, and what is known about them? The identified persons. -#}
with

delivered_persons as (

    {{ vendor_rows('posthog', 'persons', any_ids={'person_id': 'person_id'}) }}

),

persons as (

    select
        person_id as user_id,
        person_created_at as first_seen_at,
        {{ trait_columns() | join(',\n        ') }}
    from {{ ref('posthog_persons') }}
    where is_identified and not is_deleted

),

distinct_ids as (

    select
        distinct_id,
        person_id as user_id
    from {{ ref('posthog_distinct_ids') }}
    where is_of_somebody

),

export_events as (

    select
        user_id,
        anonymous_id,
        event_name,
        occurred_at
    from {{ ref('posthog_events') }}

),

first_events as (

    select
        anonymous_id,
        event_name,
        min(occurred_at) as occurred_at
    from export_events
    group by anonymous_id, event_name

),

events as (

    select
        distinct_ids.user_id,
        first_events.event_name,
        first_events.occurred_at
    from first_events
    inner join distinct_ids on first_events.anonymous_id = distinct_ids.distinct_id

),

states as (

    select
        user_id,
        1 as state_rank,
        cast(null as timestamp) as stated_at,
        cast(null as timestamp) as received_at,
        {{ no_text('row_id') }},
        {% for column in trait_columns() -%}
        {{ column }},
        {% endfor -%}
        {{ no_text('group_id') }}
    from persons
    union all
    select
        distinct_ids.user_id,
        2 as state_rank,
        named_groups.occurred_at as stated_at,
        named_groups.received_at,
        named_groups.event_id as row_id,
        {{ no_traits() }},
        named_groups.group_id
    from {{ ref('posthog_groups') }} as named_groups
    inner join distinct_ids on named_groups.anonymous_id = distinct_ids.distinct_id
    where named_groups.group_id is not null

),

posthog_users as (

    {{ vendor_users(
        'persons', 'states', 'events', export_events='export_events', vendor_times='persons'
    ) }}

)

select *
from posthog_users
union all
{{ unreadable_users(['delivered_persons']) }}
