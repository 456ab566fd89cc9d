{#- The most required steps that any funnel has; at least 2. While dbt parses the project, and if the table is not
    there yet, those of the shipped funnels.

    steps: ref('int_funnel_steps'). -#}
{% macro last_required_place(steps) -%}
    {%- set found = seed_rows(steps, ['max(required_place)']) -%}
    {{ return(4 if not found else [2, (found[0][0] or 0) | int] | max) }}
{%- endmacro %}
