{#- A 64-bit hash of a text column, for narrow comparisons. Two texts may share one: what depends on the
    answer has to compare the texts, too. -#}
{% macro hash_of(text) -%}
    {{ return(adapter.dispatch('hash_of')(text)) }}
{%- endmacro %}

{% macro duckdb__hash_of(text) -%}
    hash({{ text }})
{%- endmacro %}

{% macro spark__hash_of(text) -%}
    xxhash64({{ text }})
{%- endmacro %}
