{#- What does each row of PostHog's events say, and is it an event of the product? Some rows only
    say who somebody is. If the export has persons, ids of people come from there, because a row has
    the person that was known when it arrived. -#}
with

events as (

    {{ vendor_rows(
        'posthog', 'events',
        ids=dict(
            {'event_id': 'uuid', 'anonymous_id': 'distinct_id'},
            **({} if has_vendor_table('posthog', 'persons') else {'user_id': 'person_id'})
        ),
        times={'occurred_at': 'timestamp', 'received_at': 'created_at'},
        names={'raw_event_name': 'event'},
        objects={'properties': 'properties'},
    ) }}

),

posthog_rows as (

    select
        event_id,
        {{ no_text('user_id') if has_vendor_table('posthog', 'persons') else 'user_id' }},
        anonymous_id,
        raw_event_name,
        occurred_at,
        received_at,
        properties,
        has_illegal_id,
        file_name,
        is_unreadable,
        {{ snake_case('raw_event_name', 'posthog') }} as event_name,
        coalesce(raw_event_name, '') not in (
            '$identify', '$create_alias', '$merge_dangerously', '$groupidentify', '$set'
        ) as is_event
    from events

)

select *
from posthog_rows
