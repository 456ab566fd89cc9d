{#- A hash of several columns, as a bigint.

    expressions: texts that are not null, whole numbers and times. -#}
{% macro hash_of_all(expressions) -%}
    {{ return(adapter.dispatch('hash_of_all')(expressions)) }}
{%- endmacro %}

{% macro duckdb__hash_of_all(expressions) -%}
    cast(hash({{ expressions | join(', ') }}) >> 1 as bigint)
{%- endmacro %}

{% macro spark__hash_of_all(expressions) -%}
    xxhash64({{ expressions | join(', ') }})
{%- endmacro %}

{#- Without lengths, different texts could become the same one. -#}
{% macro default__hash_of_all(expressions) -%}
    {%- set texts = [] -%}
    {%- for expression in expressions -%}
        {%- set text = 'cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')' -%}
        {%- do texts.extend(['length(' ~ text ~ ')', "' '", text]) -%}
    {%- endfor -%}
    {{ hash_of(join_texts(texts)) }}
{%- endmacro %}
