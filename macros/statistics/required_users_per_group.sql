{#- How many users does each of two groups need, so that a test finds a difference of two rates? By the
    pooled formula. Null where a rate is not between 0 and 1, or both are equal.
    rate, other_rate: the rates, columns of doubles.
    significance_level: the p-value below which a difference is found, such as 0.05.
    power: how likely a test is to find the difference, such as 0.8. -#}
{% macro required_users_per_group(rate, other_rate, significance_level, power) -%}
    {%- set mean = '((' ~ rate ~ ' + ' ~ other_rate ~ ') / 2)' -%}
    {%- set spread_of_equals = 'sqrt(2 * ' ~ mean ~ ' * (1 - ' ~ mean ~ '))' -%}
    {%- set spread -%}
        sqrt({{ rate }} * (1 - {{ rate }}) + {{ other_rate }} * (1 - {{ other_rate }}))
    {%- endset -%}
    {%- set half_level = '(' ~ significance_level ~ ') / 2' -%}
    case
        when
            {{ rate }} > 0 and {{ rate }} < 1 and {{ other_rate }} > 0 and {{ other_rate }} < 1
            and {{ rate }} <> {{ other_rate }}
            then
                cast(ceil(
                    power(
                        {{ spread }} * {{ normal_quantile(power) }}
                        - {{ spread_of_equals }} * {{ normal_quantile(half_level) }},
                        2
                    )
                    / power({{ rate }} - {{ other_rate }}, 2)
                    -- A whole number that arithmetic makes a hair larger stays what it is.
                    - 1e-9
                ) as bigint)
    end
{%- endmacro %}
