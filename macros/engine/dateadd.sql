{#- dbt-spark's own macro drops the microseconds, and stops at a null. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- if datepart == 'day' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_dt_interval(cast({{ interval }} as integer)))
    {%- elif datepart == 'hour' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_dt_interval(0, cast({{ interval }} as integer)))
    {%- elif datepart == 'month' -%}
        (cast({{ from_date_or_timestamp }} as timestamp) + make_ym_interval(0, cast({{ interval }} as integer)))
    {%- else -%}
        {{ exceptions.raise_compiler_error('dateadd adds hours, days or months here, not ' ~ datepart) }}
    {%- endif -%}
{%- endmacro %}
