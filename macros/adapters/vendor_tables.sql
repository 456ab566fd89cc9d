{#- Which tables of a vendor are there, and which columns do they have? Asked at run time: exports differ. -#}

{#- The vendors that have an adapter, by the names of their dbt sources. -#}
{% macro vendor_sources() -%}
    {{ return(
        graph.sources.values()
        | selectattr('package_name', 'equalto', 'plg_analytics')
        | rejectattr('source_name', 'equalto', 'raw')
        | map(attribute='source_name') | unique | sort | list
    ) }}
{%- endmacro %}

{#- The entries of a vendor's tables in its yml. -#}
{% macro vendor_entries(vendor) -%}
    {{ return(
        graph.sources.values()
        | selectattr('package_name', 'equalto', 'plg_analytics')
        | selectattr('source_name', 'equalto', vendor) | list
    ) }}
{%- endmacro %}

{#- The tables of a vendor that are there: for each name in its yml a list of {name, relation, columns}, of
    which most have one; columns gives each column's type by its name. Segment's tables of one event each are
    `event_tables`.

    A unit test overrides this macro: a text of columns for each table, such as
    {tracks: "id, event, received_at timestamp"}; without a type, a column is text. -#}
{% macro vendor_tables(vendor) -%}
    {%- if not execute -%}
        {{ return({}) }}
    {%- endif -%}
    {{ return(adapter.dispatch('vendor_tables', 'plg_analytics')(vendor)) }}
{%- endmacro %}

{#- The views that the plugin of DuckDB has made: segment_tracks. Their comments say the entry in the yml. -#}
{% macro duckdb__vendor_tables(vendor) -%}
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
    {%- for view, entry, column, type in found.rows -%}
        {%- set listed = tables.setdefault(entry, []) -%}
        {%- if not listed or listed[-1].view != view -%}
            {%- do listed.append({
                'view': view,
                'name': view[vendor | length + 1:],
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
{% macro default__vendor_tables(vendor) -%}
    {%- set tables, there, taken = {}, {}, [] -%}
    {%- set place = raw_place() -%}
    {%- for relation in adapter.list_relations(place.database, place.schema) -%}
        {%- do there.update({relation.identifier | lower: relation}) -%}
    {%- endfor -%}
    {%- for entry in vendor_entries(vendor) if entry.config.meta.names -%}
        {%- for name in entry.config.meta.names if name in there and entry.name not in tables -%}
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

{#- The tables of one entry: a list of {name, relation, columns}, empty where there is none.

    vendor: the name of the dbt source.
    table: the entry in its yml. -#}
{% macro tables_of(vendor, table) -%}
    {%- set found = vendor_tables(vendor).get(table, []) -%}
    {%- if not execute -%}
        {%- do source(vendor, table) -%}
        {{ return([]) }}
    {%- elif found is not string -%}
        {{ return(found) }}
    {%- endif -%}
    {#- In a unit test. -#}
    {%- set columns = {} -%}
    {%- for column in found.split(',') -%}
        {%- set words = column.split() -%}
        {%- do columns.update({words[0]: words[1:] | join(' ') or 'varchar'}) -%}
    {%- endfor -%}
    {{ return([{'name': table, 'relation': source(vendor, table), 'columns': columns}]) }}
{%- endmacro %}

{#- Does an export have a table? -#}
{% macro has_vendor_table(vendor, table) -%}
    {{ return(tables_of(vendor, table) | length > 0) }}
{%- endmacro %}
