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

{#- The whole of an interval, for a difference of timestamps has no months. -#}
{% macro postgres__microseconds_between(start, stop) -%}
    cast(extract(epoch from ({{ stop }} - {{ start }})) * 1000000 as bigint)
{%- endmacro %}

{% macro redshift__microseconds_between(start, stop) -%}
    datediff(microsecond, {{ start }}, {{ stop }})
{%- endmacro %}

{% macro snowflake__microseconds_between(start, stop) -%}
    datediff(microsecond, {{ start }}, {{ stop }})
{%- endmacro %}

{% macro bigquery__microseconds_between(start, stop) -%}
    timestamp_diff({{ stop }}, {{ start }}, microsecond)
{%- endmacro %}
