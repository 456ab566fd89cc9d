{#- Three columns, odds_ratio, odds_ratio_ci_lower and odds_ratio_ci_upper: how much higher the odds of the
    outcome are in the first group, and the 95 % interval. Half a unit is added to each of the four cells,
    so that an empty one has a logarithm. Null where a group is empty.
    achieved, units: the columns of the first group's counts.
    other_achieved, other_units: those of the other group. -#}
{% macro odds_ratio_with_interval(achieved, units, other_achieved, other_units) -%}
    {%- set double = engine_type('double') -%}
    {%- set a = '(cast(' ~ achieved ~ ' as ' ~ double ~ ') + 0.5)' -%}
    {%- set b = '(cast(' ~ units ~ ' - ' ~ achieved ~ ' as ' ~ double ~ ') + 0.5)' -%}
    {%- set c = '(cast(' ~ other_achieved ~ ' as ' ~ double ~ ') + 0.5)' -%}
    {%- set d = '(cast(' ~ other_units ~ ' - ' ~ other_achieved ~ ' as ' ~ double ~ ') + 0.5)' -%}
    {%- set odds_ratio = '(' ~ a ~ ' * ' ~ d ~ ' / (' ~ b ~ ' * ' ~ c ~ '))' -%}
    {%- set margin -%}
        1.959963984540054 * sqrt(1 / {{ a }} + 1 / {{ b }} + 1 / {{ c }} + 1 / {{ d }})
    {%- endset -%}
    {%- set has_both = units ~ ' > 0 and ' ~ other_units ~ ' > 0' -%}
    case when {{ has_both }} then {{ odds_ratio }} end as odds_ratio,
    case when {{ has_both }} then exp(ln({{ odds_ratio }}) - {{ margin }}) end as odds_ratio_ci_lower,
    case when {{ has_both }} then exp(ln({{ odds_ratio }}) + {{ margin }}) end as odds_ratio_ci_upper
{%- endmacro %}
