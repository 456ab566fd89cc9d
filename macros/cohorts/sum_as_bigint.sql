{#- The sum of counts, as a count. It stops at the largest bigint: a nonsensical number of invitations
    must not stop a build. -#}
{% macro sum_as_bigint(count) -%}
    cast(
        case
            when {{ exact_sum(count) }} > 9223372036854775807 then 9223372036854775807
            else {{ exact_sum(count) }}
        end as bigint
    )
{%- endmacro %}
