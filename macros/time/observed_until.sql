{#- The var observed_until as a timestamp in UTC. A date means its midnight; a time with an offset is
    converted.

    Result: an SQL expression, or none where the var is not set.
    Error: a compiler error where the var is not an ISO timestamp. -#}
{% macro observed_until() %}
    {%- set text = (var('observed_until') or '') | string -%}
    {%- if not text -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set iso = '^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.]\\d{1,6})?)?(Z|[+-]\\d{2}:?\\d{2})?)?$' -%}
    {%- if not modules.re.match(iso, text) -%}
        {{ exceptions.raise_compiler_error(
            "The var observed_until is '" ~ text ~ "', which is no ISO timestamp; write for example "
            ~ "2024-06-30, 2024-06-30T12:00:00 or 2024-06-30T12:00:00+02:00."
        ) }}
    {%- endif -%}
    {%- set instant = modules.datetime.datetime.fromisoformat(text) -%}
    {%- if instant.tzinfo -%}
        {%- set instant = instant.astimezone(modules.pytz.utc) -%}
    {%- endif -%}
    {{ return(timestamp_literal(instant)) }}
{% endmacro %}
