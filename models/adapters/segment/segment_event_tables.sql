{#- Which events have a table of their own, and what are their properties? The tables that the
    export has at run time are unioned, whatever their names. -#}
{%- set fields = {
    'ids': {'event_id': 'id', 'user_id': 'user_id', 'anonymous_id': 'anonymous_id'},
    'times': {'tracked_at': 'timestamp', 'received_at': 'received_at'},
    'names': {'raw_event_name': ['event_text', 'event'], 'event': 'event'},
} -%}
{#- What Segment adds to each row, besides what the team sends. -#}
{%- set no_properties = [
    'id', 'anonymous_id', 'user_id', 'event', 'event_text', 'received_at', 'sent_at', 'timestamp',
    'original_timestamp', 'uuid', 'uuid_ts', 'loaded_at', 'channel',
] -%}
with

segment_event_tables as (

    {% for table in tables_of('segment', 'event_tables') -%}
    {{ rows_of_table(
        table, fields,
        {'properties': object_of_columns(table.columns, no_properties, ['context_', 'plg_'])}
    ) }}
    union all
    {% endfor -%}
    {{ rows_of_table(none, fields, {'properties': 'cast(null as ' ~ dbt.type_string() ~ ')'}) }}

)

select *
from segment_event_tables
