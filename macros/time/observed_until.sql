{#- The var observed_until as a timestamp in UTC.

    Result: an SQL expression, or none where the var is not set.
    Error: a compiler error where the var is not an ISO timestamp. -#}
{% macro observed_until() %}
    {%- set instant = instant_of_var('observed_until') -%}
    {{ return(timestamp_literal(instant) if instant else none) }}
{% endmacro %}

{#- The var observed_from likewise. It is before observed_until, where both are set: else nobody would be
    in a rate. -#}
{% macro observed_from() %}
    {%- set instant, end = instant_of_var('observed_from'), instant_of_var('observed_until') -%}
    {%- if instant and end and instant >= end -%}
        {{ exceptions.raise_compiler_error(
            "The var observed_from is '" ~ var('observed_from') ~ "', which is not before observed_until ('"
            ~ var('observed_until') ~ "'); write an earlier time, or null."
        ) }}
    {%- endif -%}
    {{ return(timestamp_literal(instant) if instant else none) }}
{% endmacro %}

{#- A var that is a time, as a Python datetime in UTC, or none where it is not set. A date means its
    midnight; a time with an offset is converted. plg/definitions/dbt_vars.py reads it in the same way.
    strptime, because fromisoformat of Python 3.10 reads neither Z nor +0200.

    name: of the var. -#}
{% macro instant_of_var(name) %}
    {%- set text = (var(name) or '') | string -%}
    {%- if not text -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set iso = '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
        ~ '([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$' -%}
    {%- set found = modules.re.match(iso, text) -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error(
            "The var " ~ name ~ " is '" ~ text ~ "', which is no ISO timestamp; write for example "
            ~ "2024-06-30, 2024-06-30T12:00:00 or 2024-06-30T12:00:00+02:00."
        ) }}
    {%- endif -%}
    {%- set time, seconds, fraction, offset = found.groups() -%}
    {%- set format = '%Y-%m-%d' ~ ('T%H:%M' if time else '') ~ (':%S' if seconds else '')
        ~ ('.%f' if fraction else '') ~ ('%z' if offset else '') -%}
    {%- set instant = modules.datetime.datetime.strptime(text | replace(' ', 'T'), format) -%}
    {%- if instant.tzinfo -%}
        {%- set instant = instant.astimezone(modules.pytz.utc) -%}
    {%- else -%}
        {%- set instant = instant.replace(tzinfo=modules.pytz.utc) -%}
    {%- endif -%}
    {{ return(instant) }}
{% endmacro %}
