{#- The partition of a window over all rows in the order of a hash from hash_of: equal hashes share it.
    128 buckets, which distributed engines sort beside each other; DuckDB sorts all rows in parallel by
    itself, at half of what it takes to part them first. -#}
{% macro partition_by_bucket(hash) -%}
    {{ return(adapter.dispatch('partition_by_bucket')(hash)) }}
{%- endmacro %}

{% macro default__partition_by_bucket(hash) -%}
    partition by ({{ hash }} & 127)
{%- endmacro %}

{% macro duckdb__partition_by_bucket(hash) -%}
{%- endmacro %}

{#- The hash has no sign here. -#}
{% macro snowflake__partition_by_bucket(hash) -%}
    partition by mod({{ hash }}, 128)
{%- endmacro %}
