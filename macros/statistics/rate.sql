{#- numerator / denominator as a double; null where the denominator is zero: nothing was observed, which
    is not the same as nothing happened. -#}
{% macro rate(numerator, denominator) -%}
    case when {{ denominator }} > 0 then cast({{ numerator }} as {{ engine_type('double') }}) / {{ denominator }} end
{%- endmacro %}
