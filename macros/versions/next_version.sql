{#- The version that an incremental model gives the rows which it writes in this run: one more than any
    before. A table that is built from nothing begins at 1; so do all that read it, for a full refresh
    drops them first (prepare_incremental_tables). -#}
{% macro next_version() -%}
    {%- if is_incremental() -%}
    (select coalesce(max(row_version), 0) + 1 from {{ this }})
    {%- else -%}
    cast(1 as bigint)
    {%- endif -%}
{%- endmacro %}
