{#- A column that may have any name, quoted. It is written in small letters. -#}
{% macro quoted_column(name) -%}
    {{ return(adapter.dispatch('quoted_column')(name)) }}
{%- endmacro %}

{% macro default__quoted_column(name) -%}
    {{ return(adapter.quote(name)) }}
{%- endmacro %}

{#- A name without quotes is in capitals here. -#}
{% macro snowflake__quoted_column(name) -%}
    {%- set is_plain = modules.re.match('[a-z_][a-z0-9_]*$', name) -%}
    {{ return(adapter.quote(name | upper if is_plain else name)) }}
{%- endmacro %}
