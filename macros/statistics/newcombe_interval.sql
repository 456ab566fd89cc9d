{#- Two columns, <name>_ci_lower and <name>_ci_upper: the 95 % interval of rate - other_rate, Newcombe's
    for independent rates, made of their Wilson intervals. Both are null where one of the rates is.
    name: the name of the difference.
    rate, other_rate: columns; each has <rate>_ci_lower and <rate>_ci_upper beside it. -#}
{% macro newcombe_interval(name, rate, other_rate) -%}
    {{ rate }} - {{ other_rate }} - {{ newcombe_margin_below(rate, other_rate) }}
        as {{ name }}_ci_lower,
    {{ rate }} - {{ other_rate }} + {{ newcombe_margin_above(rate, other_rate) }}
        as {{ name }}_ci_upper
{%- endmacro %}

{#- How far the interval reaches below the difference, and above it: expressions. -#}
{% macro newcombe_margin_below(rate, other_rate) -%}
    sqrt(
        power({{ rate }} - {{ rate }}_ci_lower, 2)
        + power({{ other_rate }}_ci_upper - {{ other_rate }}, 2)
    )
{%- endmacro %}

{% macro newcombe_margin_above(rate, other_rate) -%}
    sqrt(
        power({{ rate }}_ci_upper - {{ rate }}, 2)
        + power({{ other_rate }} - {{ other_rate }}_ci_lower, 2)
    )
{%- endmacro %}
