{#- The windows since the signup in which activation_event_candidates counts events: the var
    discovery_windows_days. Each ends before the week that says who stayed, that of the var
    discovery_outcome_week. plg/definitions/dbt_vars.py checks the vars in the same way.

    Result: a list of days, the shortest first.
    Error: a compiler error where a window looks into the outcome. -#}
{% macro discovery_windows() %}
    {%- set windows, week = var('discovery_windows_days'), var('discovery_outcome_week') -%}
    {%- for days in windows if days > 7 * week - 1 -%}
        {{ exceptions.raise_compiler_error(
            "The var discovery_windows_days has " ~ days ~ ", which looks into the outcome: week " ~ week
            ~ " (var discovery_outcome_week) begins on day " ~ 7 * week ~ ". Write days up to "
            ~ (7 * week - 1) ~ ", or a later week."
        ) }}
    {%- endfor -%}
    {{ return(windows | sort) }}
{% endmacro %}
