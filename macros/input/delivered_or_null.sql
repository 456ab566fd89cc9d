{#- A column that a raw table may lack; a null of its type where it does.

    table: users or events.
    delivered: the relation.
    column: its name. -#}
{% macro delivered_or_null(table, delivered, column) -%}
    {%- if has_raw_view(table) or (execute and column | lower in relation_columns(delivered)) -%}
        {{ raw_column(column) }}
    {%- else -%}
        cast(null as timestamp)
    {%- endif -%}
{%- endmacro %}

{#- A column that the build adds to the view of a raw table; a null of its type where there is no such view. -#}
{% macro made_or_null(table, column) -%}
    {%- if has_raw_view(table) -%}
        {{ column }}
    {%- else -%}
        cast(null as {{ 'boolean' if column == 'is_unreadable' else dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
