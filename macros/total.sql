{#- The sum of counts, as a count: a bare sum of bigints is wider than a bigint. -#}
{% macro total(count) -%}
    cast(sum({{ count }}) as bigint)
{%- endmacro %}
