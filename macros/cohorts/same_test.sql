{#- A condition: both relations have the same metric, item and segment type. For joins. -#}
{% macro same_test(relation, other) -%}
    {{ relation }}.metric_id = {{ other }}.metric_id
    and {{ relation }}.item = {{ other }}.item
    and {{ relation }}.segment_type = {{ other }}.segment_type
{%- endmacro %}
