{#- The mean, in seconds, of a column of whole microseconds: divided once, after an exact sum. -#}
{% macro mean_seconds(microseconds) -%}
    cast({{ exact_sum(microseconds) }} as double) / (count({{ microseconds }}) * 1000000)
{%- endmacro %}
