{#- Which rows of a Segment export are no events, and which time do they have? Only rows delivered by
    observed_until. -#}
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

    select
        'events' as table_name,
        'not_an_event' as decision,
        occurred_at as seen_at
    from rows_of_tables
    where not is_unreadable {{ and_delivered_by_observed_until() }}

)

select *
from segment_left_out
