{#- The four columns that name a cohort and a segment, as a list for select or group by.
    relation: the relation that has them; absent where the query reads no other. -#}
{% macro cohort_columns(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ prefix }}cohort_grain,
    {{ prefix }}cohort_date,
    {{ prefix }}segment_type,
    {{ prefix }}segment_value
{%- endmacro %}

{#- A condition: both relations have the same cohort and segment. For joins. -#}
{% macro same_cohort(relation, other) -%}
    {{ relation }}.cohort_grain = {{ other }}.cohort_grain
    and {{ relation }}.cohort_date = {{ other }}.cohort_date
    and {{ relation }}.segment_type = {{ other }}.segment_type
    and {{ relation }}.segment_value = {{ other }}.segment_value
{%- endmacro %}
