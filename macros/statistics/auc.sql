{#- Three columns of whole numbers, for auc_with_interval: an aggregate over the rows of scores, one row a
    score. Each converted unit beats the others that score below it, and half of those that score the same.
    Twice that number is whole, so the sums are exact, whatever the order of the rows.
    converted, others: the counts of a score, of units that converted and of those that did not.
    converted_above, others_below: how many such units score above, and below. -#}
{% macro auc_sums(converted, others, converted_above, others_below) -%}
    {%- set whole = engine_type('decimal(38, 0)') -%}
    {%- set beaten = '(2 * ' ~ others_below ~ ' + ' ~ others ~ ')' -%}
    {%- set beaten_by = '(2 * ' ~ converted_above ~ ' + ' ~ converted ~ ')' -%}
    sum(cast({{ converted }} as {{ whole }}) * {{ beaten }}) as pairs_doubled,
    sum(cast({{ converted }} as {{ whole }}) * {{ beaten }} * {{ beaten }}) as converted_squares,
    sum(cast({{ others }} as {{ whole }}) * {{ beaten_by }} * {{ beaten_by }}) as other_squares
{%- endmacro %}

{#- Three columns, auc, auc_ci_lower and auc_ci_upper: the share of pairs, one unit that converted and one
    that did not, in which the first scores higher; a tie is half a pair. Its 95 % interval is DeLong's,
    from 0 to 1. auc is null without pairs. The interval is also null with fewer than 10 units on a side,
    and where the variance is 0, as then the counts tell nothing about chance.
    converted, others: the columns of how many units converted, and how many did not.
    pairs_doubled, converted_squares and other_squares are beside them. -#}
{% macro auc_with_interval(converted, others) -%}
    {%- set double = engine_type('double') -%}
    {%- set m = 'cast(' ~ converted ~ ' as ' ~ double ~ ')' -%}
    {%- set k = 'cast(' ~ others ~ ' as ' ~ double ~ ')' -%}
    {#- Whole numbers, so 0 is 0. -#}
    {%- set spread = '(' ~ converted ~ ' * converted_squares - pairs_doubled * pairs_doubled)' -%}
    {%- set other_spread = '(' ~ others ~ ' * other_squares - pairs_doubled * pairs_doubled)' -%}
    {%- set auc -%}
        cast(pairs_doubled as {{ double }}) / nullif(2 * {{ m }} * {{ k }}, 0)
    {%- endset -%}
    {%- set margin -%}
        1.959963984540054 * sqrt(
            (
                cast({{ spread }} as {{ double }}) / ({{ m }} - 1)
                + cast({{ other_spread }} as {{ double }}) / ({{ k }} - 1)
            )
            / (4 * {{ m }} * {{ m }} * {{ k }} * {{ k }})
        )
    {%- endset -%}
    {%- set is_enough -%}
        {{ converted }} >= 10 and {{ others }} >= 10 and ({{ spread }} > 0 or {{ other_spread }} > 0)
    {%- endset -%}
    {{ auc }} as auc,
    case when {{ is_enough }} then greatest(0, {{ auc }} - {{ margin }}) end as auc_ci_lower,
    case when {{ is_enough }} then least(1, {{ auc }} + {{ margin }}) end as auc_ci_upper
{%- endmacro %}
