{#- A query that follows steps from id to id several times, or until no step leads on. Eight times eight
    steps of one link are 64 links. Two queries do this, and each reads a table: in one query that
    doubles the steps, some engines would compute them again and again.

    steps: a relation with from_id (once each) and to_id.
    times: how many steps to follow. smallest: the column of the smallest id to which a step leads; none
    if it is not needed. Result: a query with from_id, to_id and, if asked for, smallest_id. -#}
{% macro walk(steps, times, smallest=none) -%}
    select
        step_1.from_id,
        coalesce(
            {%- for number in range(times, 0, -1) %}
            step_{{ number }}.to_id{{ ',' if not loop.last }}
            {%- endfor %}
        ) as to_id
        {%- if smallest %},
        least(
            {%- for number in range(1, times + 1) %}
            coalesce(step_{{ number }}.{{ smallest }}, step_1.{{ smallest }}){{ ',' if not loop.last }}
            {%- endfor %}
        ) as smallest_id
        {%- endif %}
    from {{ steps }} as step_1
    {%- for number in range(2, times + 1) %}
    left join {{ steps }} as step_{{ number }} on step_{{ number - 1 }}.to_id = step_{{ number }}.from_id
    {%- endfor %}
{%- endmacro %}
