{#- Whole microseconds from `start` to `stop`, two timestamps, as a bigint: exact, so that sums do not
    depend on their order. -#}
{% macro microseconds_between(start, stop) -%}
    {{ return(adapter.dispatch('microseconds_between')(start, stop)) }}
{%- endmacro %}

{% macro duckdb__microseconds_between(start, stop) -%}
    (epoch_us({{ stop }}) - epoch_us({{ start }}))
{%- endmacro %}

{% macro spark__microseconds_between(start, stop) -%}
    (unix_micros({{ stop }}) - unix_micros({{ start }}))
{%- endmacro %}
