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

{#- Also Redshift's: a date less a date is a number of days. -#}
{% macro postgres__days_between(start, stop) -%}
    ({{ stop }} - {{ start }})
{%- endmacro %}

{% macro snowflake__days_between(start, stop) -%}
    datediff(day, {{ start }}, {{ stop }})
{%- endmacro %}

{% macro bigquery__days_between(start, stop) -%}
    date_diff({{ stop }}, {{ start }}, day)
{%- endmacro %}
