{#- The exact percentile of each group, linearly interpolated, in seconds: an aggregate, equal to
    percentile_seconds. It takes two values of each group, so that a large group needs no memory.

    microseconds: a column of whole microseconds.
    place: a column, the place of the row in the order of the microseconds of its group; 1 is the first.
    count: a column, the number of rows of the group.
    share: from 0 to 1; 0.5 for the median. -#}
{% macro percentile_of_places(microseconds, place, count, share) -%}
    {%- set rank = '(' ~ share ~ ' * (' ~ count ~ ' - 1))' -%}
    {%- set below = 'max(case when ' ~ place ~ ' - 1 = floor' ~ rank ~ ' then ' ~ microseconds ~ ' end)' -%}
    {%- set above = 'max(case when ' ~ place ~ ' - 1 = ceil' ~ rank ~ ' then ' ~ microseconds ~ ' end)' -%}
    {%- set fraction = 'max(cast(' ~ rank ~ ' - floor' ~ rank ~ ' as ' ~ engine_type('double') ~ '))' -%}
    {{ seconds(below) }} + ({{ seconds(above) }} - {{ seconds(below) }}) * {{ fraction }}
{%- endmacro %}
