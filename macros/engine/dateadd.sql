{#- dbt-spark's own macro drops the microseconds, and stops at a null. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- if datepart == 'day' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_dt_interval(cast({{ interval }} as integer)))
    {%- elif datepart == 'hour' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_dt_interval(0, cast({{ interval }} as integer)))
    {%- elif datepart == 'month' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_ym_interval(0, cast({{ interval }} as integer)))
    {%- elif datepart in ['second', 'microsecond'] -%}
        {%- set seconds = 'cast(' ~ interval ~ ' as decimal(18, 6))' ~ (' / 1000000' if datepart == 'microsecond') -%}
        (cast({{ from_date_or_timestamp }} as timestamp)
            + make_dt_interval(0, 0, 0, cast({{ seconds }} as decimal(18, 6))))
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'dateadd adds microseconds, seconds, hours, days or months here, not ' ~ datepart
        ) }}
    {%- endif -%}
{%- endmacro %}

{#- dbt-bigquery's own macro makes a datetime, which can't be compared with the timestamps here. -#}
{% macro bigquery__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set start = 'cast(' ~ from_date_or_timestamp ~ ' as timestamp)' -%}
    {%- if datepart in ['day', 'hour', 'second', 'microsecond'] -%}
        timestamp_add({{ start }}, interval ({{ interval }}) {{ datepart }})
    {%- else -%}
        cast(datetime_add(cast({{ start }} as datetime), interval ({{ interval }}) {{ datepart }}) as timestamp)
    {%- endif -%}
{%- endmacro %}
