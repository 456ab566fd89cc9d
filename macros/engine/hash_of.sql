{#- A hash of a text column, as a bigint, for narrow comparisons. Two texts may share one: what depends on
    the answer has to compare the texts, or another hash, too. -#}
{% macro hash_of(text) -%}
    {{ return(adapter.dispatch('hash_of')(text)) }}
{%- endmacro %}

{#- DuckDB hashes to 64 bits without a sign; one of them is given for the type that all engines have. -#}
{% macro duckdb__hash_of(text) -%}
    cast(hash({{ text }}) >> 1 as bigint)
{%- endmacro %}

{% macro spark__hash_of(text) -%}
    xxhash64({{ text }})
{%- endmacro %}
