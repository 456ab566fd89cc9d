{#- A column of the raw tables, quoted where its name is a reserved word. -#}
{% macro raw_column(name) -%}
    {{ return(adapter.dispatch('raw_column')(name)) }}
{%- endmacro %}

{% macro default__raw_column(name) -%}
    {{ name }}
{%- endmacro %}

{% macro redshift__raw_column(name) -%}
    {{ adapter.quote(name) }}
{%- endmacro %}
