{#- The mean score of units, as a sum of decimals: exact, whatever the order of the rows.
    score: the column of scores.
    units: the column of how many units have this score. -#}
{% macro sum_of_scores(score, units) -%}
    sum(cast({{ score }} as {{ engine_type('decimal(18, 10)') }}) * cast({{ units }} as decimal(14, 0)))
{%- endmacro %}

{#- The sum of squares that the Brier score is the mean of, times 10000: of the distance between the
    prediction, a score of 0 to 100 with at most 4 decimals, and the outcome, 100 for a unit that converted,
    else 0. A sum of decimals: exact, whatever the order of the rows.
    score: the column of scores.
    converted, others: how many of the units with this score converted, and how many did not. -#}
{% macro sum_of_squared_errors(score, converted, others) -%}
    {%- set prediction = 'cast(' ~ score ~ ' as decimal(8, 4))' -%}
    {%- set distance = '(' ~ prediction ~ ' - 100)' -%}
    sum(
        {{ distance }} * {{ distance }} * cast({{ converted }} as decimal(14, 0))
        + {{ prediction }} * {{ prediction }} * cast({{ others }} as decimal(14, 0))
    )
{%- endmacro %}
