{#- Microseconds as seconds.

    microseconds: an SQL expression, whole microseconds.
    Result: an SQL expression, a double. -#}
{% macro seconds(microseconds) -%}
    cast({{ microseconds }} as {{ engine_type('double') }}) / 1000000
{%- endmacro %}
