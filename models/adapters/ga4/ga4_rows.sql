{#- What does each row of GA4's events say? Parameters are lists of keys and values there, and
    objects here. A daily table takes the place of the intraday table of its date. -#}
with

delivered_rows as (

    {% for table in ['events', 'events_intraday'] -%}
    {{ vendor_rows(
        'ga4', table,
        ids={'user_id': 'user_id', 'anonymous_id': 'user_pseudo_id'},
        any_ids={
            'written_time': 'event_timestamp',
            'bundle_id': 'event_bundle_sequence_id',
            'page_id': 'batch_page_id',
            'ordering_id': 'batch_ordering_id',
            'event_index': 'batch_event_index',
        },
        times={'occurred_at': 'event_timestamp', 'first_seen_at': 'user_first_touch_timestamp'},
        texts={'traffic_source': 'traffic_source.source'},
        names={'raw_event_name': 'event_name'},
        objects={'event_params': 'event_params', 'user_properties': 'user_properties'},
    ) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ga4_rows as (

    select
        user_id,
        anonymous_id,
        raw_event_name,
        occurred_at,
        first_seen_at,
        traffic_source,
        has_illegal_id,
        file_name,
        is_unreadable,
        {{ json_of_parameters('event_params') }} as properties,
        {{ json_of_parameters('user_properties') }} as user_properties,
        -- Exports from before July 2024 lack the last three.
        case
            when not is_unreadable
                then {{ dbt.concat([
                    "coalesce(user_id, '')", "'|'",
                    "coalesce(anonymous_id, '')", "'|'",
                    "coalesce(raw_event_name, '')", "'|'",
                    "coalesce(written_time, '')", "'|'",
                    "coalesce(bundle_id, '')", "'|'",
                    "coalesce(page_id, '')", "'|'",
                    "coalesce(ordering_id, '')", "'|'",
                    "coalesce(event_index, '')",
                ]) }}
        end as event_id,
        {% set replaced = ga4_replaced_tables() -%}
        {% if replaced -%}
        not is_unreadable and table_name in ('{{ replaced | join("', '") }}') as is_replaced
        {%- else -%}
        false as is_replaced
        {%- endif %}
    from delivered_rows

)

select *
from ga4_rows
