{#- The tables of a vendor that exist, in the form of vendor_tables. -#}
{% macro delivered_by_vendor(vendor) -%}
    {{ return(adapter.dispatch('delivered_by_vendor', 'plg_analytics')(vendor)) }}
{%- endmacro %}

{#- The views that the plugin of DuckDB has made: segment_tracks. Their comments have the entry in the
    yml and, one per line, the vendor's tables in the view. -#}
{% macro duckdb__delivered_by_vendor(vendor) -%}
    {%- set tables = {} -%}
    {%- set place = raw_place() -%}
    {%- set found = run_query(
        "select views.view_name, views.comment, columns.column_name, columns.data_type "
        ~ "from duckdb_views() as views inner join duckdb_columns() as columns "
        ~ "on views.view_oid = columns.table_oid and views.database_name = columns.database_name "
        ~ "where views.database_name = current_database() and views.schema_name = '" ~ place.schema
        ~ "' and starts_with(views.view_name, '" ~ vendor ~ "_') and views.comment is not null "
        ~ "order by views.view_name, columns.column_index"
    ) -%}
    {%- for view, comment, column, type in found.rows -%}
        {%- set lines = comment.split('\n') -%}
        {%- set listed = tables.setdefault(lines[0], []) -%}
        {%- if not listed or listed[-1].view != view -%}
            {%- do listed.append({
                'view': view,
                'name': view[vendor | length + 1:],
                'names': lines[1:],
                'relation': api.Relation.create(
                    database=place.database, schema=place.schema, identifier=view
                ),
                'columns': {},
            }) -%}
        {%- endif -%}
        {%- do listed[-1].columns.update({column: type}) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#- On a warehouse: the tables of the schema PLG_RAW_SCHEMA, by the names and patterns in the yml. -#}
{% macro default__delivered_by_vendor(vendor) -%}
    {%- set tables, there, taken = {}, {}, [] -%}
    {%- set place = raw_place() -%}
    {%- for name in names_in_schema(place) -%}
        {%- set relation = adapter.get_relation(
            database=place.database, schema=place.schema, identifier=name
        ) -%}
        {%- if relation -%}
            {%- do there.update({name | lower: relation}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for entry in vendor_entries(vendor) if entry.config.meta.names or entry.config.meta.pattern -%}
        {%- for name in entry.config.meta.names or [] if name in there and entry.name not in tables -%}
            {%- do taken.append(name) -%}
            {%- do tables.update({entry.name: [table_of(name, there[name])]}) -%}
        {%- endfor -%}
        {%- for name in there if entry.config.meta.pattern
            and modules.re.fullmatch(entry.config.meta.pattern, name) and name not in taken -%}
            {%- do taken.append(name) -%}
            {%- do tables.setdefault(entry.name, []).append(table_of(name, there[name])) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for entry in vendor_entries(vendor) if entry.config.meta.any_table_with -%}
        {%- for name, relation in there.items() if name not in taken -%}
            {%- set table = table_of(name, relation) -%}
            {%- set columns = table.columns.keys() | map('lower') | list -%}
            {%- if entry.config.meta.any_table_with | reject('in', columns) | list | length == 0 -%}
                {%- do tables.setdefault(entry.name, []).append(table) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{% macro table_of(name, relation) -%}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name: column.dtype | string}) -%}
    {%- endfor -%}
    {{ return({'name': name, 'relation': relation, 'columns': columns}) }}
{%- endmacro %}

{#- The names of the tables and views of a schema.

    place: a relation of the schema. -#}
{% macro names_in_schema(place) -%}
    {{ return(adapter.dispatch('names_in_schema', 'plg_analytics')(place)) }}
{%- endmacro %}

{% macro default__names_in_schema(place) -%}
    {{ return(run_query(
        "select table_name from information_schema.tables where lower(table_schema) = '"
        ~ place.schema | lower ~ "'"
    ).rows | map('first') | list) }}
{%- endmacro %}

{% macro snowflake__names_in_schema(place) -%}
    {{ return(run_query(
        'select table_name from ' ~ place.database ~ ".information_schema.tables where lower(table_schema) = '"
        ~ place.schema | lower ~ "'"
    ).rows | map('first') | list) }}
{%- endmacro %}

{% macro bigquery__names_in_schema(place) -%}
    {{ return(run_query(
        'select table_name from `' ~ place.database ~ '`.`' ~ place.schema ~ '`.INFORMATION_SCHEMA.TABLES'
    ).rows | map('first') | list) }}
{%- endmacro %}

{% macro spark__names_in_schema(place) -%}
    {{ return(run_query('show tables in ' ~ place.schema).rows | map(attribute=1) | list) }}
{%- endmacro %}
