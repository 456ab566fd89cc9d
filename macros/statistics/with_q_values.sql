{#- A query of all columns of tests, and q_value: the share of false alarms to expect among the tests of a
    family with this p-value or a smaller one (Benjamini and Hochberg, 1995). Of m p-values, the r-th
    smallest has the smallest of p * m / rank over the ranks from r on. Null p-values stay out.
    The query also has step_up_p_value, p * m / rank.
    tests: relation, one row a test.
    p: its column of p-values.
    family: the columns whose values tell families apart; [] if all rows are one family. -#}
{% macro with_q_values(tests, p='p_value', family=[]) -%}
    {%- set of_family = 'partition by ' ~ family | join(', ') if family -%}
    {%- set is_null = 'case when ' ~ p ~ ' is null then 1 else 0 end' -%}
    select
        *,
        case
            when {{ p }} is not null
                then
                    -- Equal p-values have equal steps, so their order does not matter.
                    min(step_up_p_value) over (
                        {{ of_family }}
                        order by {{ p }} desc
                        rows between unbounded preceding and current row
                    )
        end as q_value
    from (
        select
            *,
            -- In this order: m / rank is 1 or more, so that q is p or more, to the last digit. Equal
            -- p-values have the rank of the last of them: m + 1 - their rank from the largest down.
            {{ p }}
            * (
                cast(count({{ p }}) over ({{ of_family }}) as {{ engine_type('double') }})
                / nullif(
                    count({{ p }}) over ({{ of_family }})
                    + 1
                    - rank() over (
                        partition by {{ (family + [is_null]) | join(', ') }} order by {{ p }} desc
                    ),
                    0
                )
            ) as step_up_p_value
        from {{ tests }}
    ) as stepped_tests
{%- endmacro %}
