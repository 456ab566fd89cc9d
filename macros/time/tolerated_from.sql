{#- How far before a signup an event may be stamped, in microseconds: the var signup_tolerance. -#}
{% macro signup_tolerance() -%}
    {{ return((var('signup_tolerance') * 3600000000) | round | int) }}
{%- endmacro %}

{#- The earliest time at which an event of a user can be stamped and count: clocks disagree.

    signed_up_at: an SQL expression, a timestamp.
    Result: an SQL expression, a timestamp. -#}
{% macro tolerated_from(signed_up_at) -%}
    {#- In two steps: an engine may hold no more than 31 bits of a unit. -#}
    {{ dbt.dateadd(
        'microsecond',
        -(signup_tolerance() % 1000000),
        dbt.dateadd('second', -(signup_tolerance() // 1000000), signed_up_at)
    ) }}
{%- endmacro %}
