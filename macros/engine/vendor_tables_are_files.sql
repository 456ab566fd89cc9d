{#- Are a vendor's tables files, whose views the build makes? Then it makes the view of their parts, too. -#}
{% macro vendor_tables_are_files() -%}
    {{ return(adapter.dispatch('vendor_tables_are_files', 'plg_analytics')()) }}
{%- endmacro %}

{% macro default__vendor_tables_are_files() -%}
    {{ return(false) }}
{%- endmacro %}

{% macro duckdb__vendor_tables_are_files() -%}
    {{ return(true) }}
{%- endmacro %}
