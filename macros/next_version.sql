{#- The version that an incremental model gives the rows which it writes in this run: one more than any
    before, also where it is built in full, so that what reads the table takes it in anew. -#}
{% macro next_version() -%}
    {%- set has_versions = is_incremental() -%}
    {%- if execute and not has_versions and model.resource_type == 'model' -%}
        {%- set relation = load_cached_relation(this) -%}
        {%- if relation -%}
            {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') -%}
            {%- set has_versions = 'row_version' in (columns | list) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if has_versions -%}
    (select coalesce(max(row_version), 0) + 1 from {{ this }})
    {%- else -%}
    cast(1 as bigint)
    {%- endif -%}
{%- endmacro %}
