{#- A query of the decisions that every raw table has: how many rows were delivered, and how many of them count.

    table: its name.
    classified: the model with removed_by for each row.
    delivered_at, counted_at: the columns that say when a row was seen, as delivered and as it counts.
    Result: a query with table_name, decision, row_count, first_seen_at, last_seen_at. -#}
{% macro delivered_and_counted(table, classified, delivered_at, counted_at) -%}
    {%- for decision, seen_at, condition in [
        ('delivered', delivered_at, '1 = 1'), ('counted', counted_at, 'removed_by is null')
    ] %}
    select
        '{{ table }}' as table_name,
        '{{ decision }}' as decision,
        count(*) as row_count,
        min({{ seen_at }}) as first_seen_at,
        max({{ seen_at }}) as last_seen_at
    from {{ classified }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
