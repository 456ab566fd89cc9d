{#- Where does a row of a Mixpanel export's events have its ids, name, times and properties? A row is an
    event, or says that ids are one person. -#}
with

delivered_rows as (

    {{ vendor_rows(
        'mixpanel', 'events',
        any_ids={
            'delivered_user_id': ['$user_id', 'user_id', '_user_id', 'properties.$user_id'],
            'delivered_distinct_id': ['distinct_id', '_distinct_id', 'properties.distinct_id'],
            'delivered_device_id': [
                '$device_id', 'device_id', '_device_id', 'properties.$device_id',
            ],
        },
        other_ids=dict({
            'insert_id': ['$insert_id', 'insert_id', '_insert_id', 'properties.$insert_id'],
        }, **account_group_places('properties.')),
        times={
            'delivered_at': ['time', 'properties.time'],
            'received_at': ['mp_processing_time_ms', 'properties.mp_processing_time_ms'],
        },
        texts={
            'written_distinct_id': ['distinct_id', '_distinct_id', 'properties.distinct_id'],
            'written_time': ['time', 'properties.time'],
            'written_insert_id': ['$insert_id', 'insert_id', '_insert_id', 'properties.$insert_id'],
        },
        names={'raw_event_name': ['event', 'event_name', 'name']},
        objects={'properties': 'properties'},
    ) }}

),

rows_without_prefixes as (

    select
        *,
        {{ without_device_prefix('delivered_device_id') }} as plain_device_id,
        {{ without_device_prefix('delivered_distinct_id') }} as plain_distinct_id,
        {{ instant_of_source('delivered_at') }} as occurred_at
    from delivered_rows

),

rows_with_ids as (

    select
        *,
        {{ id_or_null('delivered_user_id') }} as named_user_id,
        {{ id_or_null('delivered_distinct_id') }} as distinct_id,
        {{ id_or_null('plain_device_id') }} as device_id,
        coalesce({{ is_no_id('delivered_user_id') }}, false)
        or coalesce({{ is_no_id('plain_device_id') }}, false)
        or coalesce({{ is_no_id('plain_distinct_id') }}, false) as has_illegal_id
    from rows_without_prefixes

),

mixpanel_event_rows as (

    select
        rows_with_ids.raw_event_name,
        rows_with_ids.delivered_at,
        rows_with_ids.occurred_at,
        rows_with_ids.received_at,
        rows_with_ids.written_time,
        rows_with_ids.distinct_id,
        rows_with_ids.has_illegal_id,
        rows_with_ids.file_name,
        rows_with_ids.is_unreadable,
        {% for group in account_group_places('') -%}
        rows_with_ids.{{ group }},
        {% endfor -%}
        -- What tells two events apart, by Mixpanel's own rule.
        case
            when rows_with_ids.insert_id is not null
                then {{ join_texts([
                    "coalesce(rows_with_ids.raw_event_name, '')", "'|'",
                    "coalesce(rows_with_ids.written_distinct_id, '')", "'|'",
                    "coalesce(rows_with_ids.written_time, '')", "'|'",
                    "rows_with_ids.written_insert_id",
                ]) }}
        end as event_id,
        -- A distinct_id is a user's or a device's.
        coalesce(
            rows_with_ids.named_user_id,
            case
                when coalesce(rows_with_ids.device_id, '') <> known_users.user_id
                    then known_users.user_id
            end
        ) as user_id,
        coalesce(
            rows_with_ids.device_id, {{ id_or_null('rows_with_ids.plain_distinct_id') }}
        ) as anonymous_id,
        {{ json_without_keys(
            'rows_with_ids.properties', ['$insert_id', 'mp_processing_time_ms', 'time', 'distinct_id']
        ) }} as properties,
        coalesce(rows_with_ids.raw_event_name, '') not in (
            '$identify', '$create_alias', '$merge'
        ) as is_event
    from rows_with_ids
    left join {{ ref('mixpanel_identified') }} as known_users
        on rows_with_ids.distinct_id = known_users.user_id

)

select *
from mixpanel_event_rows
