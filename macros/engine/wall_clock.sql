{#- The local time in a time zone at an instant.

    instant: an SQL expression, a timestamp in UTC.
    zone: an IANA name.
    Result: an SQL expression, a timestamp (a datetime on BigQuery). -#}
{% macro wall_clock(instant, zone) -%}
    {{ return(adapter.dispatch('wall_clock')(instant, zone)) }}
{%- endmacro %}

{% macro duckdb__wall_clock(instant, zone) -%}
    timezone('{{ zone }}', timezone('UTC', {{ instant }}))
{%- endmacro %}

{#- Also Databricks'. The session is in UTC. -#}
{% macro spark__wall_clock(instant, zone) -%}
    from_utc_timestamp({{ instant }}, '{{ zone }}')
{%- endmacro %}

{% macro postgres__wall_clock(instant, zone) -%}
    (({{ instant }}) at time zone 'UTC' at time zone '{{ zone }}')
{%- endmacro %}

{% macro redshift__wall_clock(instant, zone) -%}
    convert_timezone('UTC', '{{ zone }}', {{ instant }})
{%- endmacro %}

{% macro snowflake__wall_clock(instant, zone) -%}
    convert_timezone('UTC', '{{ zone }}', {{ instant }})
{%- endmacro %}

{% macro bigquery__wall_clock(instant, zone) -%}
    datetime({{ instant }}, '{{ zone }}')
{%- endmacro %}
