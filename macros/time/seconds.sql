{#- A column of whole microseconds in seconds. -#}
{% macro seconds(microseconds) -%}
    cast({{ microseconds }} as {{ engine_type('double') }}) / 1000000
{%- endmacro %}
