{#- The exact percentile, in seconds, of a column of whole microseconds. -#}
{% macro percentile_seconds(microseconds, share) -%}
    {{ percentile(seconds(microseconds), share) }}
{%- endmacro %}
