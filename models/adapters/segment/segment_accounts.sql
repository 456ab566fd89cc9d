{#- Which accounts does a Segment export hold, and what is known about them? The newest row of
    accounts; without one, the newest call of group. -#}
{%- set places = account_trait_places() -%}
with

accounts as (

    {{ vendor_rows(
        'segment', 'accounts',
        ids={'account_id': 'id', 'row_id': 'id'},
        times=dict({'stated_at': 'received_at', 'received_at': 'received_at'}, **places.times),
        texts=places.texts,
    ) }}

),

group_calls as (

    {{ vendor_rows(
        'segment', 'groups',
        ids={'account_id': 'group_id', 'row_id': 'id'},
        times=dict({
            'stated_at': ['timestamp', 'received_at'], 'received_at': 'received_at',
        }, **places.times),
        texts=places.texts,
    ) }}

),

delivered as (

    {% for table in ['accounts', 'group_calls'] -%}
    select
        account_id,
        {% for column in account_trait_columns() -%}
        {{ column }},
        {% endfor -%}
        file_name,
        is_unreadable,
        row_number() over (
            partition by account_id
            order by
                stated_at desc nulls last,
                received_at desc nulls last,
                row_id desc nulls last
        ) as copy_number,
        {{ loop.index }} as table_rank
    from {{ table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

newest as (

    select
        *,
        row_number() over (partition by account_id order by table_rank asc) as place
    from delivered
    where copy_number = 1 and account_id is not null

),

counted as (

    select *
    from newest
    where place = 1
    union all
    select
        *,
        1 as place
    from delivered
    where is_unreadable

),

segment_accounts as (

    select
        account_id,
        file_name,
        is_unreadable,
        {{ account_columns() }}
    from counted

)

select *
from segment_accounts
