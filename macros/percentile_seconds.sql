{#- The exact percentile, in seconds, of a column of whole microseconds. -#}
{% macro percentile_seconds(microseconds, share) -%}
    {{ percentile('cast(' ~ microseconds ~ ' as ' ~ engine_type('double') ~ ') / 1000000', share) }}
{%- endmacro %}
