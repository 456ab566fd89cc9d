{#- Where the raw tables are the warehouse's own: makes views of them in the schema PLG_RAW_SCHEMA (raw),
    with the parts that an incremental build tells apart, by date of arrival where a column says when a
    row arrived, else by date of occurrence.

        dbt run-operation create_raw_views --args '{schema: product, received_at: loaded_at}'

    schema: where the tables users and events are.
    received_at: the column of events that holds the time of arrival; none where there is none. -#}
{% macro create_raw_views(schema, received_at=none) -%}
    {%- set raw_events = (graph.sources.values() | selectattr('name', 'equalto', 'events') | first) -%}
    {%- set part = event_part(received_at) -%}
    {%- set queries = {
        'users':
            'select user_id, account_id, created_at, plan_tier, install_source, invited_by '
            ~ 'from ' ~ schema ~ '.users',
        'events':
            'select ' ~ part ~ ' as part, event_id, user_id, event_name, ' ~ raw_column('timestamp')
            ~ ', properties from ' ~ schema ~ '.events',
        'event_parts':
            'select part, ' ~ part_fingerprint(schema) ~ ' as fingerprint from ('
            ~ 'select ' ~ part ~ ' as part, ' ~ event_content(received_at) ~ ' as content '
            ~ 'from ' ~ schema ~ '.events) as contents group by part',
    } -%}
    {%- do adapter.create_schema(api.Relation.create(
        database=raw_events.database, schema=raw_events.schema
    )) -%}
    {%- for name, query in queries.items() -%}
        {%- do run_query('create or replace view ' ~ api.Relation.create(
            database=raw_events.database, schema=raw_events.schema, identifier=name
        ) ~ ' as ' ~ query) -%}
    {%- endfor -%}
    {%- do log('Made ' ~ raw_events.schema ~ '.users, .events and .event_parts over ' ~ schema ~ '.', info=true) -%}
{%- endmacro %}
