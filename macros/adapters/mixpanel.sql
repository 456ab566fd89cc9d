{#- What only Mixpanel needs. -#}

{#- An id without the prefix of devices: $device:d and d are one device. Without anything after the
    prefix, the id is null.

    id: an SQL expression. -#}
{% macro without_device_prefix(id) -%}
    case when {{ id }} like '$device:%' then nullif(substr({{ id }}, 9), '') else {{ id }} end
{%- endmacro %}

{#- PLG_SOURCE_TIME_ZONE, the time zone of an export's times; UTC if it is not set.
    plg/input/source_zone.py checks it in the same way, before the build.

    Error: a compiler error if there is no IANA time zone of this name. -#}
{% macro source_time_zone() -%}
    {%- set zone = env_var('PLG_SOURCE_TIME_ZONE', '') | trim or 'UTC' -%}
    {%- if zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            'PLG_SOURCE_TIME_ZONE is ' ~ zone ~ ', which is no IANA time zone; write a name such as UTC, '
            ~ 'Europe/Berlin or America/New_York, with its capitals.'
        ) }}
    {%- endif -%}
    {{ return(zone) }}
{%- endmacro %}

{#- The instant of a local time in PLG_SOURCE_TIME_ZONE. If there are two, it is the later one. If
    clocks skipped the time, it is read as if they had not changed yet.

    time: an SQL expression, a timestamp. -#}
{% macro instant_of_source(time) -%}
    {%- set text = 'cast(' ~ time ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {{ time if source_time_zone() == 'UTC' else adapter.dispatch('time_in_zone')(text, "'" ~ source_time_zone() ~ "'") }}
{%- endmacro %}
