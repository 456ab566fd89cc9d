{#- Which rows of a Segment export are no events, and which time do they have? Only rows delivered
    by observed_until. -#}
with

rows_of_tables as (

    {% for table in ['pages', 'screens', 'identifies', 'groups', 'aliases'] -%}
    {{ vendor_rows(
        'segment', table,
        times={'occurred_at': ['timestamp', 'received_at'], 'received_at': 'received_at'}
    ) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

segment_left_out as (

    {{ events_left_out('rows_of_tables', 'not is_unreadable') }}

)

select *
from segment_left_out
