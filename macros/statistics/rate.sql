{#- A rate as a double; null where the denominator is 0: nothing was observed, which is not the same as
    nothing happened.
    numerator, denominator: two counts. -#}
{% macro rate(numerator, denominator) -%}
    case when {{ denominator }} > 0 then cast({{ numerator }} as {{ engine_type('double') }}) / {{ denominator }} end
{%- endmacro %}
