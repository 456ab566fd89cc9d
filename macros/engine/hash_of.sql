{#- A hash of a text column, as a bigint, for narrow comparisons. Two texts may share one: what depends on
    the answer has to compare the texts, or another hash, too. -#}
{% macro hash_of(text) -%}
    {{ return(adapter.dispatch('hash_of')(text)) }}
{%- endmacro %}

{#- DuckDB hashes to 64 bits without a sign. All engines have a bigint with a sign, so one bit is dropped. -#}
{% macro duckdb__hash_of(text) -%}
    cast(hash({{ text }}) >> 1 as bigint)
{%- endmacro %}

{% macro spark__hash_of(text) -%}
    xxhash64({{ text }})
{%- endmacro %}

{#- MD5 is the only hash of PostgreSQL that is the same in every version. -#}
{% macro postgres__hash_of(text) -%}
    cast(cast('x' || substr(md5({{ text }}), 1, 16) as bit(64)) as bigint)
{%- endmacro %}

{% macro redshift__hash_of(text) -%}
    farmfingerprint64({{ text }})
{%- endmacro %}

{#- 64 bits without a sign: a bigint of Snowflake holds 38 digits. -#}
{% macro snowflake__hash_of(text) -%}
    md5_number_lower64({{ text }})
{%- endmacro %}

{% macro bigquery__hash_of(text) -%}
    farm_fingerprint({{ text }})
{%- endmacro %}
