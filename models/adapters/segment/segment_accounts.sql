{#- Which accounts does a Segment export hold, and what is known about them? The newest row of
    accounts; without one, the newest call of group. -#}
{%- set places = account_places() -%}
{%- set columns = places.times.keys() | list + places.texts.keys() | list -%}
with

accounts as (

    {{ vendor_rows(
        'segment', 'accounts',
        ids={'account_id': 'id', 'row_id': 'id'},
        times=dict(
            {'plg_stated_at': 'received_at', 'plg_received_at': 'received_at'}, **places.times
        ),
        texts=places.texts,
    ) }}

),

groups as (

    {{ vendor_rows(
        'segment', 'groups',
        ids={'account_id': 'group_id', 'row_id': 'id'},
        times=dict(
            {'plg_stated_at': ['timestamp', 'received_at'], 'plg_received_at': 'received_at'},
            **places.times
        ),
        texts=places.texts,
    ) }}

),

delivered as (

    {% for table in ['accounts', 'groups'] -%}
    select
        account_id,
        {% for column in columns -%}
        {{ raw_column(column) }},
        {% endfor -%}
        file_name,
        is_unreadable,
        row_number() over (
            partition by account_id
            order by
                plg_stated_at desc nulls last,
                plg_received_at desc nulls last,
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
        {% for column in columns -%}
        {{ raw_column(column) }},
        {% endfor -%}
        file_name,
        is_unreadable
    from counted

)

select *
from segment_accounts
