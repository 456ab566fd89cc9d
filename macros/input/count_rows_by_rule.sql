{#- A query of how many rows of a raw table each rule removed, and how many count (rule_name null).

    table: its name.
    classified: the model with removed_by for each row.
    seen_at: the column that says when a row was seen. -#}
{% macro count_rows_by_rule(table, classified, seen_at) -%}
    select
        '{{ table }}' as table_name,
        removed_by as rule_name,
        count(*) as row_count,
        min({{ seen_at }}) as first_seen_at,
        max({{ seen_at }}) as last_seen_at
    from {{ classified }}
    group by removed_by
{%- endmacro %}
