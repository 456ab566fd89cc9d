{#- The latest time that a record can have and be believed: one hour after the build started, to allow for
    fast clocks. Nothing else in the project looks at a clock.

    Result: an SQL expression, a timestamp. -#}
{% macro credible_until() -%}
    {{ timestamp_literal(run_started_at + modules.datetime.timedelta(hours=1)) }}
{%- endmacro %}
