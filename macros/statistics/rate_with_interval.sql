{#- Three columns: <name>, the rate numerator / denominator; <name>_ci_lower and <name>_ci_upper, its 95 %
    Wilson interval. All are null where the denominator is 0.
    name: the name of the rate.
    numerator, denominator: two counts. -#}
{% macro rate_with_interval(name, numerator, denominator) -%}
    {{ rate(numerator, denominator) }} as {{ name }},
    {{ wilson_interval(numerator, denominator, name) }}
{%- endmacro %}
