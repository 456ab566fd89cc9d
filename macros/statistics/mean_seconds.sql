{#- The mean, in seconds: an exact sum, divided once.
    microseconds: a column of whole microseconds. -#}
{% macro mean_seconds(microseconds) -%}
    cast({{ exact_sum(microseconds) }} as {{ engine_type('double') }}) / (count({{ microseconds }}) * 1000000)
{%- endmacro %}
