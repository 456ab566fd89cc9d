{#- The type of what hash_of returns. -#}
{% macro hash_type() -%}
    {{ return(adapter.dispatch('hash_type')()) }}
{%- endmacro %}

{% macro duckdb__hash_type() -%}
    ubigint
{%- endmacro %}

{% macro spark__hash_type() -%}
    bigint
{%- endmacro %}
