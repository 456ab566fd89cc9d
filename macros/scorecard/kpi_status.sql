{#- The status of a metric: not_measured, unknown (no value, no target or no week before), met,
    not_enough_data (for the test of a rate's change), stable (within the tolerance, or no more than
    chance would do), needs_attention, on_track (at this pace, the target is at most on_track_weeks away)
    or improving. All numbers and the quotient are rounded to 9 decimals, so that 0.405 - 0.4 is 0.005.
    current_value, change, target, tolerance: columns of numbers.
    is_higher_better: a boolean column.
    is_measured: a boolean column; false where the data lack what the metric counts.
    has_counts: a boolean column; true for a rate, whose change can be tested.
    is_within_noise: a boolean column; null where the change can't be tested. -#}
{% macro kpi_status(
    current_value, change, target, tolerance, is_higher_better, is_measured, has_counts, is_within_noise
) -%}
    {%- set current_value = rounded(current_value, 9) -%}
    {%- set change = rounded(change, 9) -%}
    {%- set target = rounded(target, 9) -%}
    case
        when not {{ is_measured }} then 'not_measured'
        when {{ current_value }} is null or {{ target }} is null then 'unknown'
        when {{ is_higher_better }} and {{ current_value }} >= {{ target }} then 'met'
        when not {{ is_higher_better }} and {{ current_value }} <= {{ target }} then 'met'
        when {{ change }} is null then 'unknown'
        when {{ has_counts }} and {{ is_within_noise }} is null then 'not_enough_data'
        when abs({{ change }}) <= {{ rounded(tolerance, 9) }} then 'stable'
        when {{ is_within_noise }} then 'stable'
        when {{ is_higher_better }} and {{ change }} < 0 then 'needs_attention'
        when not {{ is_higher_better }} and {{ change }} > 0 then 'needs_attention'
        when
            {{ rounded('abs(' ~ target ~ ' - ' ~ current_value ~ ') / abs(' ~ change ~ ')', 9) }}
            <= {{ var('on_track_weeks') }}
            then 'on_track'
        else 'improving'
    end
{%- endmacro %}
