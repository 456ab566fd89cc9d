{#- A quotient of two polynomials, by Horner's rule.
    x: a column of doubles, or an expression in parentheses.
    above, below: their coefficients, that of the highest power first. -#}
{% macro rational(x, above, below) -%}
    ({{ polynomial(x, above) }} / {{ polynomial(x, below) }})
{%- endmacro %}

{% macro polynomial(x, coefficients) -%}
    {%- set sum = namespace(text=coefficients[0]) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set sum.text = '(' ~ sum.text ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ sum.text }}
{%- endmacro %}
