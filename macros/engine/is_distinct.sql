{#- Whether two values differ, where null is a value like any other. -#}
{% macro is_distinct(one, other) -%}
    {{ return(adapter.dispatch('is_distinct')(one, other)) }}
{%- endmacro %}

{% macro default__is_distinct(one, other) -%}
    {{ one }} is distinct from {{ other }}
{%- endmacro %}

{% macro redshift__is_distinct(one, other) -%}
    case when {{ one }} = {{ other }} or ({{ one }} is null and {{ other }} is null) then 0 else 1 end = 1
{%- endmacro %}
