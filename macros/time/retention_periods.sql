{#- The periods of equal length of retention_by_cohort, one after the other from the anchor's date on. Day
    7 is always among them: the scorecard shows it.

    Result: a list of (period_grain, its days, the last period_number). -#}
{% macro retention_steps() %}
    {%- set steps = [
        ('day', 1, [var('retention_days'), 7] | max),
        ('week', 7, var('retention_weeks')),
        ('month', 30, var('retention_months')),
    ] -%}
    {{ return(steps | selectattr(2, 'ge', 0) | list) }}
{% endmacro %}

{#- The periods of retention_by_cohort that have bounds of their own: brackets, and on or after a day until
    the horizon. plg/definitions/dbt_vars.py checks the vars in the same way. And day 30, where the var
    retention_days ends before it: segment_tests compares it.

    Result: a list of (period_grain, period_number, first day, last day).
    Error: a compiler error where a bracket is no pair, ends before it begins or is there twice, or where a
        day of retention_on_or_after_days is there twice or lies beyond the horizon. -#}
{% macro retention_spans() %}
    {%- set spans, seen, horizon = [], [], var('retention_horizon_days') -%}
    {%- for bracket in var('retention_brackets') -%}
        {%- if bracket is string or bracket is not sequence or bracket | length != 2
            or bracket | reject('integer') | list or bracket[0] < 0 or bracket[0] > bracket[1]
            or bracket in seen -%}
            {{ exceptions.raise_compiler_error(
                "The var retention_brackets has " ~ bracket ~ ": write a list of pairs of days, "
                ~ "[first, last] with 0 <= first <= last, each pair once, such as [[1, 7], [8, 14]], or [] "
                ~ "for none."
            ) }}
        {%- endif -%}
        {%- do seen.append(bracket) -%}
        {%- do spans.append(('bracket', loop.index, bracket[0], bracket[1])) -%}
    {%- endfor -%}
    {%- for day in var('retention_on_or_after_days') -%}
        {%- if day is not integer or day < 0 or day in seen -%}
            {{ exceptions.raise_compiler_error(
                "The var retention_on_or_after_days has " ~ day ~ ": write a list of whole numbers of days, "
                ~ "each once, such as [1, 7, 14, 30], or [] for none."
            ) }}
        {%- elif day > horizon -%}
            {{ exceptions.raise_compiler_error(
                "The var retention_on_or_after_days has " ~ day ~ ", a day after the var "
                ~ "retention_horizon_days, " ~ horizon ~ ": write days up to " ~ horizon ~ ", or a longer "
                ~ "horizon."
            ) }}
        {%- endif -%}
        {%- do seen.append(day) -%}
        {%- do spans.append(('on_or_after', day, day, horizon)) -%}
    {%- endfor -%}
    {%- if var('retention_days') < 30 -%}
        {%- do spans.append(('day', 30, 30, 30)) -%}
    {%- endif -%}
    {{ return(spans) }}
{% endmacro %}

{#- The last day, since the anchor's date, of any period of retention_by_cohort. -#}
{% macro last_retention_day() %}
    {%- set last_days = retention_spans() | map(attribute=3) | list -%}
    {%- for _, length, last_number in retention_steps() -%}
        {%- do last_days.append(length * last_number + length - 1) -%}
    {%- endfor -%}
    {{ return(last_days | max) }}
{% endmacro %}
