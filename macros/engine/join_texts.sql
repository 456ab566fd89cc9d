{#- Several texts as one, none of them null. Numbers become text.

    texts: a list of SQL expressions. -#}
{% macro join_texts(texts) -%}
    {{ return(adapter.dispatch('join_texts')(texts)) }}
{%- endmacro %}

{% macro default__join_texts(texts) -%}
    concat({{ texts | join(', ') }})
{%- endmacro %}

{#- Redshift's concat takes two. -#}
{% macro redshift__join_texts(texts) -%}
    {%- set parts = [] -%}
    {%- for text in texts -%}
        {%- do parts.append('cast(' ~ text ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    ({{ parts | join(' || ') }})
{%- endmacro %}

{#- BigQuery's concat takes text alone. -#}
{% macro bigquery__join_texts(texts) -%}
    {%- set parts = [] -%}
    {%- for text in texts -%}
        {%- do parts.append('cast(' ~ text ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    concat({{ parts | join(', ') }})
{%- endmacro %}
