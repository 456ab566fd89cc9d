{#- The sum of counts, as a count. It stops at the largest bigint: a nonsensical number of invitations
    must not stop a build. -#}
{% macro total(count) -%}
    cast(least(sum({{ count }}), 9223372036854775807) as bigint)
{%- endmacro %}
