{#- Whole elapsed days (floor of 24 hours, not dates crossed) from `start` to `stop`, `stop` not earlier. -#}
{% macro whole_days_between(start, stop) -%}
    {{ return(adapter.dispatch('whole_days_between')(start, stop)) }}
{%- endmacro %}

{% macro duckdb__whole_days_between(start, stop) -%}
    ((epoch_us({{ stop }}) - epoch_us({{ start }})) // 86400000000)
{%- endmacro %}

{% macro spark__whole_days_between(start, stop) -%}
    ((unix_micros({{ stop }}) - unix_micros({{ start }})) div 86400000000)
{%- endmacro %}
