{#- The windows since the signup in which activation_event_candidates counts events: the var
    discovery_windows_days. Each ends before the week that says who stayed, that of the var
    discovery_outcome_week.

    Result: a list of days, the shortest first.
    Error: a compiler error where a window looks into the outcome, or one of the numbers of this var or of
    discovery_counts is there twice, not whole or below 1. -#}
{% macro discovery_windows() %}
    {%- set windows, week = var('discovery_windows_days'), var('discovery_outcome_week') -%}
    {%- for name in ('discovery_windows_days', 'discovery_counts') -%}
        {%- set numbers = var(name) -%}
        {%- if numbers | select('integer') | select('ge', 1) | unique | list | length < numbers | length -%}
            {{ exceptions.raise_compiler_error(
                "The var " ~ name ~ " is " ~ numbers ~ ". Write different whole numbers, 1 or more."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- for days in windows if days > 7 * week - 1 -%}
        {{ exceptions.raise_compiler_error(
            "The var discovery_windows_days has " ~ days ~ ", which looks into the outcome: week " ~ week
            ~ " (var discovery_outcome_week) begins on day " ~ 7 * week ~ ". Write days up to "
            ~ (7 * week - 1) ~ ", or a later week."
        ) }}
    {%- endfor -%}
    {{ return(windows | sort) }}
{% endmacro %}
