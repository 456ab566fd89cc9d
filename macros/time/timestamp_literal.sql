{#- A fixed instant in SQL.

    instant: a Python datetime in UTC.
    Result: an SQL expression, a timestamp with microseconds. -#}
{% macro timestamp_literal(instant) -%}
    cast('{{ instant.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as timestamp)
{%- endmacro %}
