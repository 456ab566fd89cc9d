{#- The exact percentile, in seconds.
    microseconds: a column of whole microseconds.
    share: from 0 to 1; 0.5 for the median. -#}
{% macro percentile_seconds(microseconds, share) -%}
    {{ percentile(seconds(microseconds), share) }}
{%- endmacro %}
