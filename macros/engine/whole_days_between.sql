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

{#- A difference of timestamps is an interval of days of 24 hours, and of less than one. -#}
{% macro postgres__whole_days_between(start, stop) -%}
    cast(extract(day from ({{ stop }} - {{ start }})) as bigint)
{%- endmacro %}

{#- Whole numbers divide to whole numbers. -#}
{% macro redshift__whole_days_between(start, stop) -%}
    (datediff(microsecond, {{ start }}, {{ stop }}) / 86400000000)
{%- endmacro %}

{#- Here a quotient is rounded to six decimals: an instant before the day is over, it would be over. -#}
{% macro snowflake__whole_days_between(start, stop) -%}
    {%- set elapsed = microseconds_between(start, stop) -%}
    (({{ elapsed }} - mod({{ elapsed }}, 86400000000)) / 86400000000)
{%- endmacro %}

{% macro bigquery__whole_days_between(start, stop) -%}
    div({{ microseconds_between(start, stop) }}, 86400000000)
{%- endmacro %}
