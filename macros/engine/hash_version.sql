{#- What the results of hash_of depend on: those of another version can't be compared. -#}
{% macro hash_version() -%}
    {{ return(adapter.dispatch('hash_version')()) }}
{%- endmacro %}

{% macro duckdb__hash_version() -%}
    concat('63 bits of DuckDB ', version())
{%- endmacro %}

{% macro spark__hash_version() -%}
    'xxhash64'
{%- endmacro %}

{#- The others have hashes that are defined once and for all. -#}
{% macro default__hash_version() -%}
    'defined'
{%- endmacro %}
