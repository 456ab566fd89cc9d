{#- Which account does a row of PostHog's events name, and what does it say about it? Accounts are
    the groups of one type, the same for all rows. -#}
{%- set types = account_group_types() -%}
{%- set traits = account_trait_places('properties.$group_set.') -%}
with

events as (

    {{ vendor_rows(
        'posthog', 'events',
        ids={'event_id': 'uuid', 'anonymous_id': 'distinct_id'},
        other_ids=dict(
            {'group_key': 'properties.$group_key'}, **account_group_places('properties.$groups.')
        ),
        times=dict({'occurred_at': 'timestamp', 'received_at': 'created_at'}, **traits.times),
        names={'raw_event_name': 'event'},
        texts=dict({
            'event_groups': 'properties.$groups', 'group_type': 'properties.$group_type',
        }, **traits.texts),
    ) }}

),

rows_with_groups as (

    select
        *,
        case
            when raw_event_name = '$groupidentify'
                then
                    case group_type
                        {% for type in types -%}
                        when '{{ type | replace("'", "''") }}' then {{ loop.index }}
                        {% endfor -%}
                    end
        end as account_number
    from events
    where event_groups is not null or raw_event_name = '$groupidentify'

),

group_numbers as (

    {{ first_account_group('rows_with_groups') }}
    union all
    select account_number as group_number
    from rows_with_groups

),

account_group as (

    select min(group_number) as group_number
    from group_numbers

),

posthog_groups as (

    select
        rows_with_groups.event_id,
        rows_with_groups.anonymous_id,
        rows_with_groups.occurred_at,
        rows_with_groups.received_at,
        {% for column in account_trait_columns() -%}
        rows_with_groups.{{ column }},
        {% endfor -%}
        {{ account_group_id('rows_with_groups') }} as group_id,
        case
            when rows_with_groups.account_number = account_group.group_number
                then rows_with_groups.group_key
        end as account_id
    from rows_with_groups
    cross join account_group

)

select *
from posthog_groups
