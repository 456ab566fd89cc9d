{#- dbt's own macro, with weeks that begin on Monday wherever it runs: on BigQuery they would begin on
    Sunday, on Snowflake as a parameter of the account says. -#}
{% macro bigquery__date_trunc(datepart, date) -%}
    timestamp_trunc(cast({{ date }} as timestamp), {{ 'isoweek' if datepart == 'week' else datepart }})
{%- endmacro %}

{% macro snowflake__date_trunc(datepart, date) -%}
    {%- if datepart == 'week' -%}
        dateadd(day, 1 - dayofweekiso({{ date }}), date_trunc('day', {{ date }}))
    {%- else -%}
        date_trunc('{{ datepart }}', {{ date }})
    {%- endif -%}
{%- endmacro %}
