{#- The sum of counts, as a count. It stops at the largest bigint, so that an absurd number of invitations
    does not stop a build.
    count: a column or an expression of columns. -#}
{% macro sum_as_bigint(count) -%}
    cast(
        case
            when {{ exact_sum(count) }} > 9223372036854775807 then 9223372036854775807
            else {{ exact_sum(count) }}
        end as bigint
    )
{%- endmacro %}
