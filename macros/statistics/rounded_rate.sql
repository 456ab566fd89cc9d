{#- Three columns: a rate and its interval, in 3 decimals, as people read them.
    rate: the column; <rate>_ci_lower and <rate>_ci_upper are beside it.
    name: what the rate is called in the result; `rate` itself where absent. -#}
{% macro rounded_rate(rate, name=none) -%}
    {%- set name = name or rate.split('.') | last -%}
    cast({{ rate }} as decimal(9, 3)) as {{ name }},
    cast({{ rate }}_ci_lower as decimal(9, 3)) as {{ name }}_ci_lower,
    cast({{ rate }}_ci_upper as decimal(9, 3)) as {{ name }}_ci_upper
{%- endmacro %}
