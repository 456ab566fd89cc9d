{#- The date of an instant for a mart: that of the wall clock in the var reporting_timezone. Weeks and
    months are those of this date.

    The date of a later instant is not always later: where clocks go back at a minute past midnight, the old
    date comes again. So a date d has ended by t where local_date(t) > d, and never by a local midnight.

    instant: an SQL expression, a timestamp in UTC.
    Result: an SQL expression, a date. -#}
{% macro local_date(instant) -%}
    {%- if reporting_timezone() == 'UTC' -%}
        {{ utc_date(instant) }}
    {%- else -%}
        cast({{ wall_clock(instant, reporting_timezone()) }} as date)
    {%- endif -%}
{%- endmacro %}

{#- The date of an instant in UTC: for the rules that remove rows, the parts that raw events are read in, and
    the warnings about both. -#}
{% macro utc_date(instant) -%}
    cast({{ instant }} as date)
{%- endmacro %}

{#- The var reporting_timezone; UTC for any of its names.
    plg/definitions/dbt_vars.py checks it in the same way.

    Error: a compiler error where the IANA has no zone of this name. -#}
{% macro reporting_timezone() -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- if zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            "The var reporting_timezone is '" ~ zone ~ "', which is no time zone of the IANA; write a name "
            ~ "such as UTC, Europe/Berlin or America/New_York, with its capitals."
        ) }}
    {%- endif -%}
    {%- set names_of_utc = [
        'UCT', 'Universal', 'Zulu', 'Etc/UTC', 'Etc/UCT', 'Etc/Universal', 'Etc/Zulu',
    ] -%}
    {{ return('UTC' if zone in names_of_utc else zone) }}
{%- endmacro %}
