{#- A query of the decisions that every raw table has: how many rows were delivered, and how many of them count.

    table: its name.
    classified: the model with removed_by for each row.
    seen_at: the column that says when a row was seen, as delivered.
    Result: a query with table_name, decision, row_count, first_seen_at, last_seen_at. -#}
{% macro delivered_and_counted(table, classified, seen_at) -%}
    {%- for decision, condition in [('delivered', '1 = 1'), ('counted', 'removed_by is null')] %}
    {{ decided(table, decision, classified, seen_at, condition) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- A query of how often a decision was made. table, decision: their names. rows: the relation, with one
row per decision. seen_at: the column with the time. condition: an SQL condition. -#}
{% macro decided(table, decision, rows, seen_at, condition='1 = 1') -%}
    select
        '{{ table }}' as table_name,
        '{{ decision }}' as decision,
        count(*) as row_count,
        min({{ seen_at }}) as first_seen_at,
        max({{ seen_at }}) as last_seen_at
    from {{ rows }}
    where {{ condition }}
{%- endmacro %}
