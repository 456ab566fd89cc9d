{#- The sum of doubles, the same in every order of the rows: a sum of doubles rounds after each step, so
    its last digits depend on the order, and an engine takes rows as they come. Each number is rounded to
    15 decimals first.
    number: below 1e22, its sum too. -#}
{% macro stable_sum(number) -%}
    cast(
        sum(cast({{ number }} as {{ engine_type('decimal(38, 15)') }})) as {{ engine_type('double') }}
    )
{%- endmacro %}
