{#- What does each row of Snowplow's events say, and is it an event of the product? A page ping is
    none: Snowplow sends it every few seconds while a page is open. -#}
{%- set own = own_event_columns() -%}
{%- set places = {} -%}
{%- for column in own -%}
    {%- do places.update({column.result: column.name}) -%}
{%- endfor -%}
with

events as (

    {{ vendor_rows(
        'snowplow', 'events',
        ids={
            'event_id': 'event_id',
            'user_id': 'user_id',
            'anonymous_id': ['domain_userid', 'network_userid'],
        },
        times={
            'derived_at': 'derived_tstamp',
            'collected_at': 'collector_tstamp',
            'loaded_at': 'load_tstamp',
        },
        names={'event_name': 'event_name', 'category': 'se_category', 'action': 'se_action'},
        texts=dict({
            'kind': 'event', 'label': 'se_label', 'property': 'se_property', 'number': 'se_value',
        }, **places),
    ) }}

),

named_events as (

    select
        *,
        coalesce(kind, '') = 'struct' as is_struct,
        case
            when coalesce(kind, '') <> 'struct' then event_name
            else coalesce({{ dbt.concat(['category', "'_'", 'action']) }}, category, action)
        end as raw_event_name
    from events

),

snowplow_rows as (

    select
        event_id,
        user_id,
        anonymous_id,
        raw_event_name,
        has_illegal_id,
        file_name,
        is_unreadable,
        {{ snake_case('raw_event_name', 'snowplow') }} as event_name,
        coalesce(derived_at, collected_at) as occurred_at,
        coalesce(loaded_at, collected_at) as received_at,
        derived_at is null and collected_at is not null as has_fallback_time,
        case
            when is_struct
                then {{ json_object_of([
                    {'key': 'label', 'sql': 'label', 'type': dbt.type_string()},
                    {'key': 'property', 'sql': 'property', 'type': dbt.type_string()},
                    {'key': 'value', 'json': json_number_of_text('number')},
                ]) }}
            else {{ own_event_properties(own) }}
        end as properties,
        coalesce(kind, '') <> 'page_ping'
        and (is_struct or coalesce(event_name, '') <> 'page_ping') as is_event
    from named_events

)

select *
from snowplow_rows
