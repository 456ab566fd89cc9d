{#- The status of a metric: unknown (no value, no target or no week before), met, stable, needs_attention,
    on_track (at this pace, the target is at most on_track_weeks away) or improving. All numbers and the
    quotient are rounded to 9 decimals, so that 0.405 - 0.4 is 0.005.
    current_value, change, target, tolerance: columns of numbers.
    is_higher_better: a boolean column. -#}
{% macro kpi_status(current_value, change, target, tolerance, is_higher_better) -%}
    {%- set current_value = rounded(current_value, 9) -%}
    {%- set change = rounded(change, 9) -%}
    {%- set target = rounded(target, 9) -%}
    case
        when {{ current_value }} is null or {{ target }} is null then 'unknown'
        when {{ is_higher_better }} and {{ current_value }} >= {{ target }} then 'met'
        when not {{ is_higher_better }} and {{ current_value }} <= {{ target }} then 'met'
        when {{ change }} is null then 'unknown'
        when abs({{ change }}) <= {{ rounded(tolerance, 9) }} then 'stable'
        when {{ is_higher_better }} and {{ change }} < 0 then 'needs_attention'
        when not {{ is_higher_better }} and {{ change }} > 0 then 'needs_attention'
        when
            {{ rounded('abs(' ~ target ~ ' - ' ~ current_value ~ ') / abs(' ~ change ~ ')', 9) }}
            <= {{ var('on_track_weeks') }}
            then 'on_track'
        else 'improving'
    end
{%- endmacro %}
