{#- Pearson's chi-square of two rates, with one degree of freedom and no continuity correction: the p-value
    is erfc(sqrt(chi_square / 2)). Null without enough data: each group needs minimum_group_users users
    (var), and 5 users expected in each of the four cells, so that the p-value can be trusted.
    achieved, users: the counts of one rate; other_achieved, other_users: those of the other one. -#}
{% macro chi_square_of_two_rates(achieved, users, other_achieved, other_users) -%}
    {%- set double = engine_type('double') -%}
    {%- set all_users = '(' ~ users ~ ' + ' ~ other_users ~ ')' -%}
    {%- set all_achieved = '(' ~ achieved ~ ' + ' ~ other_achieved ~ ')' -%}
    {%- set all_failed = '(' ~ all_users ~ ' - ' ~ all_achieved ~ ')' -%}
    {%- set smaller_group = 'least(' ~ users ~ ', ' ~ other_users ~ ')' -%}
    case
        when
            {{ smaller_group }} >= {{ var('minimum_group_users') }}
            -- The smallest cell expects smaller_group * rarer outcome / all users: compared without a
            -- division, so exactly.
            and {{ smaller_group }} * least({{ all_achieved }}, {{ all_failed }}) >= 5 * {{ all_users }}
            then
                cast({{ all_users }} as {{ double }})
                * power(
                    cast({{ achieved }} as {{ double }}) * {{ other_users }}
                    - cast({{ other_achieved }} as {{ double }}) * {{ users }},
                    2
                )
                / {{ users }} / {{ other_users }} / {{ all_achieved }} / {{ all_failed }}
    end
{%- endmacro %}
