{#- Two columns, margin_below and margin_above: how far the 95 % interval of `rate` - `other_rate` reaches
    down and up. Newcombe's interval for independent rates, from the Wilson interval of each, which stands
    beside it as <rate>_ci_lower and <rate>_ci_upper. -#}
{% macro difference_margins(rate, other_rate) -%}
    sqrt(
        power({{ rate }} - {{ rate }}_ci_lower, 2)
        + power({{ other_rate }}_ci_upper - {{ other_rate }}, 2)
    ) as margin_below,
    sqrt(
        power({{ rate }}_ci_upper - {{ rate }}, 2)
        + power({{ other_rate }} - {{ other_rate }}_ci_lower, 2)
    ) as margin_above
{%- endmacro %}
