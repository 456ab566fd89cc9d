{#- An aggregate: one text that changes when the set of texts in the column does. Null where there is none. -#}
{% macro fingerprint(text) -%}
    {{ return(adapter.dispatch('fingerprint')(text)) }}
{%- endmacro %}

{% macro duckdb__fingerprint(text) -%}
    md5(string_agg({{ text }}, chr(10) order by {{ text }}))
{%- endmacro %}

{% macro spark__fingerprint(text) -%}
    case when count({{ text }}) > 0 then md5(array_join(array_sort(collect_list({{ text }})), '\n')) end
{%- endmacro %}
