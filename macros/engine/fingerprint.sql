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

{% macro postgres__fingerprint(text) -%}
    md5(string_agg({{ text }}, chr(10) order by {{ text }}))
{%- endmacro %}

{#- listagg gives 64 kB at most. A sum does not depend on the order either. -#}
{% macro redshift__fingerprint(text) -%}
    case
        when count({{ text }}) > 0
            then
                cast(count({{ text }}) as varchar(20)) || ' '
                || cast(sum(cast({{ hash_of(text) }} as decimal(38, 0))) as varchar(40))
    end
{%- endmacro %}

{#- listagg makes an empty text of no rows. -#}
{% macro snowflake__fingerprint(text) -%}
    case when count({{ text }}) > 0 then md5(listagg({{ text }}, '\n') within group (order by {{ text }})) end
{%- endmacro %}

{% macro bigquery__fingerprint(text) -%}
    to_hex(md5(string_agg({{ text }}, '\n' order by {{ text }})))
{%- endmacro %}
