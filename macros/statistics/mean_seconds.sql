{#- The mean, in seconds, of a column of whole microseconds: divided once, after an exact sum. -#}
{% macro mean_seconds(microseconds) -%}
    cast({{ exact_sum(microseconds) }} as {{ engine_type('double') }}) / (count({{ microseconds }}) * 1000000)
{%- endmacro %}
