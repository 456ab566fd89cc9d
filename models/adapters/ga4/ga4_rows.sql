{#- What does each row of GA4's events say? GA4 has lists of parameters, which become objects here.
    A daily table replaces the intraday table of its date. -#}
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
        delivered_rows.user_id,
        delivered_rows.anonymous_id,
        delivered_rows.raw_event_name,
        delivered_rows.occurred_at,
        delivered_rows.first_seen_at,
        delivered_rows.traffic_source,
        delivered_rows.has_illegal_id,
        delivered_rows.file_name,
        delivered_rows.is_unreadable,
        cast(null as timestamp) as received_at,
        {{ snake_case('delivered_rows.raw_event_name', 'ga4') }} as event_name,
        {{ json_of_parameters('delivered_rows.event_params') }} as properties,
        {{ json_of_parameters('delivered_rows.user_properties') }} as user_properties,
        -- Exports from before July 2024 lack the last three.
        case
            when not delivered_rows.is_unreadable
                then {{ dbt.concat([
                    "coalesce(delivered_rows.user_id, '')", "'|'",
                    "coalesce(delivered_rows.anonymous_id, '')", "'|'",
                    "coalesce(delivered_rows.raw_event_name, '')", "'|'",
                    "coalesce(delivered_rows.written_time, '')", "'|'",
                    "coalesce(delivered_rows.bundle_id, '')", "'|'",
                    "coalesce(delivered_rows.page_id, '')", "'|'",
                    "coalesce(delivered_rows.ordering_id, '')", "'|'",
                    "coalesce(delivered_rows.event_index, '')",
                ]) }}
        end as event_id,
        {% set replaced = ga4_replaced_tables() -%}
        {% if replaced -%}
        not delivered_rows.is_unreadable and delivered_rows.table_name in ('{{ replaced | join("', '") }}') as is_replaced
        {%- else -%}
        false as is_replaced
        {%- endif %}
    from delivered_rows

)

select *
from ga4_rows
