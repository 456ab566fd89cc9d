{#- The latest time that a record may bear: an hour after the run started, for clocks that go fast.
    The only look at a clock in the project. -#}
{% macro credible_until() -%}
    {{ timestamp_literal(run_started_at + modules.datetime.timedelta(hours=1)) }}
{%- endmacro %}
