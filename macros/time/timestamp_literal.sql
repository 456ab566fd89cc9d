{#- A Python datetime, taken as UTC, as a timestamp expression. -#}
{% macro timestamp_literal(instant) -%}
    cast('{{ instant.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as timestamp)
{%- endmacro %}
