{#- Which account does a row of PostHog's events name, and what does it say of it? Accounts are the groups of one
    type: the same for all rows. -#}
{%- set types = account_group_types() -%}
{%- set columns = [] -%}
{%- set places = {} -%}
{%- for type in types -%}
    {%- do columns.append('group_' ~ loop.index) -%}
    {%- do places.update({'group_' ~ loop.index: 'properties.$groups.' ~ type}) -%}
{%- endfor -%}
{%- set traits = account_trait_places('properties.$group_set.') -%}
with

events as (

    {{ vendor_rows(
        'posthog', 'events',
        ids=dict({
            'event_id': 'uuid', 'anonymous_id': 'distinct_id', 'group_key': 'properties.$group_key',
        }, **places),
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
        raw_event_name = '$groupidentify' as is_of_account,
        {{ first_group_rank(columns) }} as event_rank,
        case
            when raw_event_name = '$groupidentify'
                then
                    case group_type
                        {% for type in types -%}
                        when '{{ type | replace("'", "''") }}' then {{ loop.index }}
                        {% endfor -%}
                    end
        end as account_rank
    from events
    where event_groups is not null or raw_event_name = '$groupidentify'

),

ranks as (

    select event_rank as type_rank
    from rows_with_groups
    union all
    select account_rank as type_rank
    from rows_with_groups

),

account_type as (

    select min(type_rank) as type_rank
    from ranks

),

posthog_groups as (

    select
        rows_with_groups.event_id,
        rows_with_groups.anonymous_id,
        rows_with_groups.occurred_at,
        rows_with_groups.received_at,
        {% for column in traits.times.keys() | list + traits.texts.keys() | list -%}
        rows_with_groups.{{ column }},
        {% endfor -%}
        {{ group_of_rank('account_type.type_rank', columns) }} as group_id,
        case
            when rows_with_groups.is_of_account and rows_with_groups.account_rank = account_type.type_rank
                then rows_with_groups.group_key
        end as account_id
    from rows_with_groups
    cross join account_type

)

select *
from posthog_groups
