{#- The register of inputs, as dbt knows it: models/staging/sources.yml. plg/inputs.py reads the same. -#}

{#- The entry of a raw table. -#}
{% macro raw_input(name) -%}
    {{ return(
        graph.sources.values()
        | selectattr('package_name', 'equalto', 'plg_analytics')
        | selectattr('source_name', 'equalto', 'raw')
        | selectattr('name', 'equalto', name)
        | first
    ) }}
{%- endmacro %}

{#- The names of the raw tables that are delivered, and for each the name of the view of its parts, or none. -#}
{% macro delivered_tables() -%}
    {%- set sources = graph.sources.values()
        | selectattr('package_name', 'equalto', 'plg_analytics')
        | selectattr('source_name', 'equalto', 'raw') | list -%}
    {%- set parts = {} -%}
    {%- for source in sources if source.config.meta.parts_of -%}
        {%- do parts.update({source.config.meta.parts_of: source.name}) -%}
    {%- endfor -%}
    {%- set tables = {} -%}
    {%- for source in sources if not source.config.meta.parts_of -%}
        {%- do tables.update({source.name: parts.get(source.name)}) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}

{#- The columns of a raw table that are delivered, each with its entry; none while dbt parses the project. -#}
{% macro delivered_columns(table) -%}
    {%- set columns = {} -%}
    {%- if execute -%}
        {%- for name, column in raw_input(table).columns.items() if not column.config.meta.made_by_build -%}
            {%- do columns.update({name: column}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(columns) }}
{%- endmacro %}

{#- The column that says when a row of a raw table happened: its first time or date. -#}
{% macro occurred_column(table) -%}
    {%- for name, column in delivered_columns(table).items() if column.data_type in ('timestamp', 'date') -%}
        {{ return(name) }}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}

{#- The database and the schema of the raw tables in sources.yml. In a unit test there are no sources. -#}
{% macro raw_place() -%}
    {{ return({
        'database': var('raw_database', none) or target.database or '',
        'schema': var('raw_schema', none) or env_var('PLG_RAW_SCHEMA', '') or 'raw',
    }) }}
{%- endmacro %}
