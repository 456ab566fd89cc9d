{#- Days from the date `start` to the date `stop`, as a whole number. -#}
{% macro days_between(start, stop) -%}
    {{ return(adapter.dispatch('days_between')(start, stop)) }}
{%- endmacro %}

{% macro duckdb__days_between(start, stop) -%}
    ({{ stop }} - {{ start }})
{%- endmacro %}

{% macro spark__days_between(start, stop) -%}
    datediff({{ stop }}, {{ start }})
{%- endmacro %}
