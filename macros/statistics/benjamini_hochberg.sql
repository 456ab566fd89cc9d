{#- The q-value of a test that is one of a family: the share of false alarms to expect among the tests of
    the family with this p-value or a smaller one (Benjamini and Hochberg, 1995). Of m p-values, the r-th
    smallest has the smallest of p * m / rank over the ranks from r on. Null p-values stay out.
    Two steps, because a window function can't hold another: a CTE computes step_up_p_value, the next one
    the q-value.

        tests as (select *, {{ step_up_p_value('p_value', ['metric_id']) }} from tested),
        select {{ benjamini_hochberg('p_value', ['metric_id']) }} as q_value from tests

    p: the column of p-values.
    family: the columns whose values tell families apart; [] if all rows are one family. -#}
{% macro benjamini_hochberg(p, family=[]) -%}
    case
        when {{ p }} is not null
            then
                -- Equal p-values have equal steps, so their order does not matter.
                min(step_up_p_value) over (
                    {{ of_family(family) }}
                    order by {{ p }} desc
                    rows between unbounded preceding and current row
                )
    end
{%- endmacro %}

{#- One column, step_up_p_value: p * m / rank; equal p-values have the rank of the last of them, which is
    m + 1 - their rank from the largest down. -#}
{% macro step_up_p_value(p, family=[]) -%}
    {#- In this order: m / rank is 1 or more, so that q is p or more, to the last digit. -#}
    {{ p }}
    * (
        cast(count({{ p }}) over ({{ of_family(family) }}) as {{ engine_type('double') }})
        / nullif(
            count({{ p }}) over ({{ of_family(family) }})
            + 1
            - rank() over (
                {{ of_family(family + ['case when ' ~ p ~ ' is null then 1 else 0 end']) }}
                order by {{ p }} desc
            ),
            0
        )
    ) as step_up_p_value
{%- endmacro %}

{% macro of_family(family) -%}
    {{ 'partition by ' ~ family | join(', ') if family }}
{%- endmacro %}
