{#- Three columns, recall_rate, false_positive_rate and false_discovery_rate: of those who converted the share
    that is a lead; of those who did not, the same; and of the leads the share that did not convert. Each is
    null where nobody is in its denominator.
    converted_leads, leads: the counts of leads, those who converted and all.
    converted, units: the counts of units, likewise. -#}
{% macro lead_rates(converted_leads, leads, converted, units) -%}
    {%- set other_leads = '(' ~ leads ~ ' - ' ~ converted_leads ~ ')' -%}
    {{ rate(converted_leads, converted) }} as recall_rate,
    {{ rate(other_leads, '(' ~ units ~ ' - ' ~ converted ~ ')') }} as false_positive_rate,
    {{ rate(other_leads, leads) }} as false_discovery_rate
{%- endmacro %}
