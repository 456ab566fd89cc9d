{#- An aggregate over the rows so far: from the first one of its group to this one.
    aggregate: such as 'sum(user_count)'.
    by: the columns of the group.
    order: the column that orders it. -#}
{% macro running(aggregate, by, order) -%}
    {{ aggregate }} over (
        partition by {{ by | join(', ') }}
        order by {{ order }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}
