{#- The version of the rows that an incremental model writes in this build: one more than any before.
    A table that is built from nothing starts at 1. So do all models that read it, because a full refresh
    drops them first (prepare_incremental_tables).

    Result: an SQL expression, one bigint. -#}
{% macro next_version() -%}
    {%- if is_incremental() -%}
    (select coalesce(max(row_version), 0) + 1 from {{ this }})
    {%- else -%}
    cast(1 as bigint)
    {%- endif -%}
{%- endmacro %}
