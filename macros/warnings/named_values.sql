{#- A query of the values that a definition names and that should occur in the data, for int_named_values.

    definitions: the relation of the seed.
    seed: its name.
    column: that holds the value.
    kind: an SQL expression; where the value should occur: 'event' (event_name), 'user_id', or the name of a
        column of int_users.
    Result: a query with table_name, column_name, kind, value_name, is_shipped. Rows that are shipped and
    unchanged have is_shipped; but for milestones, which everybody has to look at. -#}
{% macro named_values(definitions, seed, column, kind) -%}
    select
        '{{ seed }}' as table_name,
        '{{ column }}' as column_name,
        {{ kind }} as kind,
        {{ trimmed_text(column) }} as value_name,
        {{ is_shipped(seed) }} as is_shipped
    from {{ definitions }}
    where coalesce({{ trimmed_text(column) }}, '') <> ''
{%- endmacro %}

{#- Whether a row of a seed is one that is shipped, unchanged: an SQL condition. -#}
{% macro is_shipped(seed) -%}
    {%- set rows = shipped_definitions().get(seed, []) -%}
    {%- set conditions = [] -%}
    {%- for row in rows -%}
        {%- set cells = [] -%}
        {%- for column, literal in row.items() -%}
            {%- if literal is none -%}
                {%- do cells.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '') = ''") -%}
            {%- else -%}
                {%- do cells.append(column ~ ' = ' ~ literal) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do conditions.append('(' ~ cells | join(' and ') ~ ')') -%}
    {%- endfor -%}
    coalesce({{ conditions | join(' or ') or '1 = 0' }}, 1 = 0)
{%- endmacro %}
