{#- Two columns, margin_below and margin_above: how far the 95 % interval of rate - other_rate reaches down
    and up, by Newcombe's interval.
    rate, other_rate: columns; each has <rate>_ci_lower and <rate>_ci_upper beside it. -#}
{% macro difference_margins(rate, other_rate) -%}
    {{ newcombe_margin_below(rate, other_rate) }} as margin_below,
    {{ newcombe_margin_above(rate, other_rate) }} as margin_above
{%- endmacro %}

{#- Three columns: a difference and its interval, in 3 decimals.
    difference: the column; margin_below and margin_above are beside it. -#}
{% macro rounded_difference(difference) -%}
    cast({{ difference }} as decimal(9, 3)) as {{ difference }},
    cast({{ difference }} - margin_below as decimal(9, 3)) as {{ difference }}_ci_lower,
    cast({{ difference }} + margin_above as decimal(9, 3)) as {{ difference }}_ci_upper
{%- endmacro %}

{#- Words for a difference: `above` or `below` where its interval leaves out zero.
    difference: the column; margin_below and margin_above are beside it.
    above, below: the words. -#}
{% macro difference_verdict(difference, above, below) -%}
    case
        when {{ difference }} is null then 'nothing to compare with'
        when {{ difference }} - margin_below > 0 then '{{ above }}'
        when {{ difference }} + margin_above < 0 then '{{ below }}'
        else 'the data do not tell'
    end
{%- endmacro %}
