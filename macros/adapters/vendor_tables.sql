{#- Which tables of a vendor exist, and which columns do they have? Known only at run time, because exports differ. -#}

{#- The entries of a vendor's tables in its yml. -#}
{% macro vendor_entries(vendor) -%}
    {{ return(
        graph.sources.values()
        | selectattr('package_name', 'equalto', 'plg_analytics')
        | selectattr('source_name', 'equalto', vendor) | list
    ) }}
{%- endmacro %}

{#- The tables of a vendor that exist: for each name in its yml, a list of {name, relation, columns},
    mostly with one entry. columns has each column's type by its name. On DuckDB, one view may hold
    several of the vendor's tables; an entry then also has their names. `event_tables` has Segment's
    tables of one event each.

    A unit test overrides this macro: a text of columns for each table, such as
    {tracks: "id, event, received_at timestamp"}; without a type, a column is text. -#}
{% macro vendor_tables(vendor) -%}
    {%- if not execute -%}
        {{ return({}) }}
    {%- endif -%}
    {#- Looked up once in a run: a warehouse may have a table for each of a thousand events. -#}
    {%- set known = graph.setdefault('plg_vendor_tables', {}) -%}
    {%- if vendor not in known -%}
        {%- do known.update({vendor: delivered_by_vendor(vendor)}) -%}
    {%- endif -%}
    {{ return(known[vendor]) }}
{%- endmacro %}

{#- The tables of one entry: a list of {name, relation, columns}, empty if there is none.

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

{#- The vendor's names of the tables of one entry, in small letters: events_20240131.

    vendor: the name of the dbt source.
    table: the entry in its yml. -#}
{% macro vendor_table_names(vendor, table) -%}
    {%- set names = [] -%}
    {%- for found in tables_of(vendor, table) -%}
        {%- do names.extend(found.names or [found.name]) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- Does an export have a table? -#}
{% macro has_vendor_table(vendor, table) -%}
    {{ return(tables_of(vendor, table) | length > 0) }}
{%- endmacro %}
