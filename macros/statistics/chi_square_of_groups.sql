{#- Pearson's chi-square of the rates of several groups, without continuity correction: an aggregate over
    their rows. It has one degree of freedom less than there are groups. Null without enough data: two
    groups, each of minimum_group_users users (var), and 5 users expected in each cell.
    Of two groups it is chi_square_of_two_rates.
    achieved, users: the columns of a group's counts.
    all_achieved, all_users: the columns of their totals, by which the query groups. -#}
{% macro chi_square_of_groups(achieved, users, all_achieved, all_users) -%}
    {%- set double = engine_type('double') -%}
    {%- set all_failed = '(' ~ all_users ~ ' - ' ~ all_achieved ~ ')' -%}
    case
        when
            count({{ users }}) >= 2
            and min({{ users }}) >= {{ var('minimum_group_users') }}
            -- The smallest cell expects min(users) * rarer outcome / all users: compared without a
            -- division, so exactly.
            and min({{ users }}) * least({{ all_achieved }}, {{ all_failed }}) >= 5 * {{ all_users }}
            then
                -- Some engines compute the sum in any case, also for a group without users.
                {{ stable_sum(
                    'power(cast(' ~ achieved ~ ' as ' ~ double ~ ') * ' ~ all_users
                    ~ ' - cast(' ~ all_achieved ~ ' as ' ~ double ~ ') * ' ~ users ~ ', 2) / nullif('
                    ~ users ~ ', 0) / nullif(' ~ all_achieved ~ ', 0) / nullif(' ~ all_failed ~ ', 0)'
                ) }}
    end
{%- endmacro %}
