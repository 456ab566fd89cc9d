{#- Where the raw tables are the warehouse's own: makes views of them in the schema PLG_RAW_SCHEMA (raw),
    with the parts that an incremental build tells apart, by date of arrival where a column says when a
    row arrived, else by date of occurrence. An optional table that is absent becomes an empty view. Run
    it again when an optional table has come. A table or view of yours in that schema is never replaced.

        dbt run-operation create_raw_views --args '{schema: product, received_at: loaded_at}'

    schema: where the raw tables are, such as users and events.
    received_at: the column of events that holds the time of arrival; none where there is none.

    It reads the seeds input_columns and segments as `dbt seed` loaded them last. After a change, run
    `dbt seed`, then this. -#}
{% macro create_raw_views(schema, received_at=none) -%}
    {%- set place = raw_input('events') -%}
    {%- if schema | lower in (place.schema | lower, place.database ~ '.' ~ place.schema | lower) -%}
        {{ exceptions.raise_compiler_error(
            'The raw tables are in the schema ' ~ schema ~ ', where their views would go; set '
            ~ 'PLG_RAW_SCHEMA to another schema.'
        ) }}
    {%- endif -%}
    {%- set queries = {} -%}
    {%- for table, parts in delivered_tables().items() -%}
        {%- do queries.update(raw_view_queries(
            schema, table, parts, received_at if table == 'events',
            column_sources(ref('input_columns'), table), segment_rows(ref('segments'))
        )) -%}
    {%- endfor -%}
    {%- do adapter.create_schema(api.Relation.create(database=place.database, schema=place.schema)) -%}
    {%- do refuse_what_others_made(place, queries.keys()) -%}
    {%- for name, query in queries.items() -%}
        {%- call statement('raw_view') -%}
            create or replace view {{ api.Relation.create(
                database=place.database, schema=place.schema, identifier=name
            ) }} as {{ query }}
        {%- endcall -%}
    {%- endfor -%}
    {#- The look at what is there has begun a transaction, which dbt would roll back. -#}
    {%- do adapter.commit() -%}
    {%- do log(
        'Made the views ' ~ queries.keys() | join(', ') ~ ' in ' ~ place.schema ~ ', over ' ~ schema ~ '.',
        info=true
    ) -%}
{%- endmacro %}

{#- The query of the view of a raw table, and of the view of its parts. Each has a column made_by, by which
    the next run knows the view. -#}
{% macro raw_view_queries(schema, table, parts, received_at, sources, segments) -%}
    {%- set text = dbt.type_string() -%}
    {%- set made_by = "cast('plg_analytics' as " ~ text ~ ') as made_by' -%}
    {%- set is_optional = raw_input(table).config.meta.optional or false -%}
    {%- set is_absent = is_optional and not raw_relation(schema, table) -%}
    {%- set delivered = raw_relation(schema, table) -%}
    {%- set values = [] -%}
    {%- if is_absent -%}
        {%- for name, column in delivered_columns(table).items() -%}
            {%- do values.append(no_value(name, column.data_type)) -%}
        {%- endfor -%}
        {%- for segment in segments if segment.source_table == table -%}
            {%- if segment.source_column not in values | map(attribute='column') -%}
                {%- do values.append(dict(
                    no_value(segment.source_column, 'string'), name=quoted_column(segment.source_column)
                )) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set rows = '(select 1 as nothing) as nothing where 1 = 0' -%}
    {%- else -%}
        {%- set values = delivered_values(table, delivered, received_at, sources, segments) -%}
        {%- set rows = schema ~ '.' ~ table -%}
    {%- endif -%}
    {%- set read = '(' ~ read_rows(values, rows, {}) ~ ') as delivered' -%}
    {%- set columns = ['cast(null as ' ~ text ~ ') as file_name', 'cast(0 = 1 as boolean) as is_unreadable'] -%}
    {%- for value in values -%}
        {%- do columns.append(value.name or raw_column(value.column)) -%}
    {%- endfor -%}
    {%- set part = event_part('received_at' if received_at else occurred_column(table)) -%}
    {%- if parts -%}
        {%- do columns.insert(0, part ~ ' as part') -%}
    {%- endif -%}
    {%- set queries = {table: 'select ' ~ columns | join(', ') ~ ', ' ~ made_by ~ ' from ' ~ read} -%}
    {%- if parts -%}
        {%- do queries.update({parts:
            'select part, ' ~ part_fingerprint(schema) ~ ' as fingerprint, ' ~ made_by ~ ' from (select '
            ~ part ~ ' as part, ' ~ event_content(values, received_at) ~ ' as content from ' ~ read
            ~ ') as contents group by part'
        }) -%}
    {%- endif -%}
    {{ return(queries) }}
{%- endmacro %}

{#- The table that is delivered, or none where it is absent. -#}
{% macro raw_relation(schema, table) -%}
    {%- set path = schema.split('.') -%}
    {{ return(adapter.get_relation(
        database=path[0] if path | length > 1 else raw_input(table).database,
        schema=path[-1],
        identifier=table,
    )) }}
{%- endmacro %}

{#- The names of a relation's columns; none where it is none. -#}
{% macro relation_columns(relation) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) if relation else [] -%}
    {{ return(columns | map(attribute='name') | map('lower') | list) }}
{%- endmacro %}

{#- Stops where a view would replace a table or view that this macro has not made. A version before the
    column made_by is known by its view of parts, whose two columns nothing else has. -#}
{% macro refuse_what_others_made(place, names) -%}
    {%- set views = {} -%}
    {%- for name in names -%}
        {%- set view = adapter.get_relation(database=place.database, schema=place.schema, identifier=name) -%}
        {%- if view -%}
            {%- do views.update({name: view}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if relation_columns(views.get('event_parts')) != ['part', 'fingerprint'] -%}
        {%- for name, view in views.items() if not (view.is_view and 'made_by' in relation_columns(view)) -%}
            {{ exceptions.raise_compiler_error(
                'The schema ' ~ place.schema ~ ' holds a ' ~ view.type ~ ' ' ~ name ~ ' that '
                ~ 'create_raw_views has not made, where a view of the raw tables has to go; move it away, '
                ~ 'or set PLG_RAW_SCHEMA to another schema.'
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
