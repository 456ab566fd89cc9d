{#- Between two queries: the rows of either, each once. BigQuery asks for the word, Redshift refuses it. -#}
{% macro union_distinct() -%}
    {{ return(adapter.dispatch('union_distinct')()) }}
{%- endmacro %}

{% macro default__union_distinct() -%}
    union distinct
{%- endmacro %}

{% macro redshift__union_distinct() -%}
    union
{%- endmacro %}
