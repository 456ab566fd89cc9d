{#- Are a vendor's tables files, so that the build makes their views? Then it also makes the view of their parts. -#}
{% macro vendor_tables_are_files() -%}
    {{ return(adapter.dispatch('vendor_tables_are_files', 'plg_analytics')()) }}
{%- endmacro %}

{% macro default__vendor_tables_are_files() -%}
    {{ return(false) }}
{%- endmacro %}

{% macro duckdb__vendor_tables_are_files() -%}
    {{ return(true) }}
{%- endmacro %}
