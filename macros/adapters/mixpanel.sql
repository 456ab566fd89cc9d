{#- What only Mixpanel needs. -#}

{#- An id without the prefix of devices: $device:d and d are one device. Nothing behind it
    is null.

    id: an SQL expression. -#}
{% macro without_device_prefix(id) -%}
    case when {{ id }} like '$device:%' then nullif(substr({{ id }}, 9), '') else {{ id }} end
{%- endmacro %}

{#- PLG_SOURCE_TIME_ZONE: the zone whose clocks an export's times show; UTC where it is not set.
    plg/input/source_zone.py checks it in the same way, before the build.

    Error: a compiler error where the IANA has no zone of this name. -#}
{% macro source_time_zone() -%}
    {%- set zone = env_var('PLG_SOURCE_TIME_ZONE', '') | trim or 'UTC' -%}
    {%- if zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            'PLG_SOURCE_TIME_ZONE is ' ~ zone ~ ', which is no time zone of the IANA; write a name such as UTC, '
            ~ 'Europe/Berlin or America/New_York, with its capitals.'
        ) }}
    {%- endif -%}
    {{ return(zone) }}
{%- endmacro %}

{#- The instant at which the clocks of PLG_SOURCE_TIME_ZONE showed a time: of two the later one. A time that the
    clocks skipped is read as if they had not been changed yet.

    time: an SQL expression, a timestamp. -#}
{% macro instant_of_source(time) -%}
    {%- set text = 'cast(' ~ time ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {{ time if source_time_zone() == 'UTC' else adapter.dispatch('time_in_zone')(text, "'" ~ source_time_zone() ~ "'") }}
{%- endmacro %}
