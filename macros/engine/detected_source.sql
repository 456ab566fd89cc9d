{#- From which source do the tables come? For PLG_SOURCE=auto. -#}
{% macro detected_source() -%}
    {{ return(adapter.dispatch('detected_source', 'plg_analytics')()) }}
{%- endmacro %}

{#- The plugin of DuckDB looks at the files when it opens the database, and leaves what it found in a view. -#}
{% macro duckdb__detected_source() -%}
    {%- set place = raw_place() -%}
    {%- set view = adapter.get_relation(
        database=place.database, schema=place.schema, identifier='plg_source'
    ) -%}
    {{ return(run_query('select source from ' ~ view).columns[0].values()[0] if view else 'canonical') }}
{%- endmacro %}

{#- On a warehouse: the one source whose markers are columns of its tables in the schema PLG_RAW_SCHEMA. -#}
{% macro default__detected_source() -%}
    {%- set place = raw_place() -%}
    {#- The views of create_raw_views are in the canonical form. -#}
    {%- if raw_relation(place.schema, 'event_parts') -%}
        {{ return('canonical') }}
    {%- endif -%}
    {%- set fitting = [] -%}
    {%- for vendor in made_by_adapters() -%}
        {%- set tables = vendor_tables(vendor) -%}
        {%- set marked, fits = [], [] -%}
        {%- for entry in vendor_entries(vendor) if entry.config.meta.markers -%}
            {%- do marked.append(entry.name) -%}
            {%- set matching = [] -%}
            {%- for table in tables.get(entry.name, []) -%}
                {%- for markers in entry.config.meta.markers if has_markers(table.columns, markers) -%}
                    {%- do matching.append(table.name) -%}
                {%- endfor -%}
            {%- endfor -%}
            {%- if matching -%}
                {%- do fits.append(entry.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if marked and marked | length == fits | length -%}
            {%- do fitting.append(vendor) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set missing = [] -%}
    {%- for table in ['users', 'events'] -%}
        {%- set there = relation_columns(raw_relation(place.schema, table)) -%}
        {%- do missing.extend(raw_input(table).config.meta.required | reject('in', there)) -%}
    {%- endfor -%}
    {%- if not missing -%}
        {%- do fitting.append('canonical') -%}
    {%- endif -%}
    {%- if fitting | length > 1 -%}
        {{ exceptions.raise_compiler_error(
            'PLG_SOURCE is auto and the schema ' ~ place.schema ~ ' fits ' ~ fitting | sort | join(' and ')
            ~ '; set PLG_SOURCE.'
        ) }}
    {%- endif -%}
    {{ return(fitting | first | default('canonical')) }}
{%- endmacro %}

{#- Does a table have all columns by which a source is recognized? A marker a.b is a key in the column
    a; on a warehouse, the column is enough, because it may have any type. !a is a column that must not
    exist. -#}
{% macro has_markers(columns, markers) -%}
    {%- set names = columns.keys() | map('lower') | list -%}
    {%- set missing = [] -%}
    {%- for marker in markers -%}
        {%- set is_unwanted = marker.startswith('!') -%}
        {%- set name = marker.lstrip('!').split('.')[0] -%}
        {%- if (name in names) == is_unwanted -%}
            {%- do missing.append(marker) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(missing | length == 0) }}
{%- endmacro %}
