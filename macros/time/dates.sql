{#- The date of an instant in a mart, in the time zone of the var reporting_timezone. Its week and month
    are those of this date.

    A later instant may have an earlier date: if clocks go back at a minute past midnight, the old date
    comes again. So date d has ended by t if local_date(t) > d; don't compare with local midnight.

    instant: an SQL expression, a timestamp in UTC.
    Result: an SQL expression, a date. -#}
{% macro local_date(instant) -%}
    {%- if reporting_timezone() == 'UTC' -%}
        {{ utc_date(instant) }}
    {%- else -%}
        cast({{ wall_clock(instant, reporting_timezone()) }} as date)
    {%- endif -%}
{%- endmacro %}

{#- The date of an instant in UTC: for the rules that remove rows, the parts that raw events are read in, the
    warnings about both, and the dates and weeks of scores and hand-offs. -#}
{% macro utc_date(instant) -%}
    cast({{ instant }} as date)
{%- endmacro %}

{#- The var reporting_timezone; UTC for any of its names.
    plg/definitions/dbt_vars.py checks it in the same way.

    Error: a compiler error if there is no IANA time zone of this name. -#}
{% macro reporting_timezone() -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- if zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            "The var reporting_timezone is '" ~ zone ~ "', which is no IANA time zone; write a name "
            ~ "such as UTC, Europe/Berlin or America/New_York, with its capitals."
        ) }}
    {%- endif -%}
    {%- set names_of_utc = [
        'UCT', 'Universal', 'Zulu', 'Etc/UTC', 'Etc/UCT', 'Etc/Universal', 'Etc/Zulu',
    ] -%}
    {{ return('UTC' if zone in names_of_utc else zone) }}
{%- endmacro %}
