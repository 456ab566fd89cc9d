{#- The integer under `key` of a JSON object in text: a JSON integer, or a string of digits with an
    optional minus. Null for all else, also for text that is no JSON, 3.0, and what no bigint holds.
    DuckDB forgives a comma before a closing brace, and NaN. -#}
{% macro json_integer(text, key) -%}
    {{ return(adapter.dispatch('json_integer')(text, key)) }}
{%- endmacro %}

{% macro duckdb__json_integer(text, key) -%}
    {%- set value = "try(json_extract_string(" ~ text ~ ", '$." ~ key ~ "'))" -%}
    case when regexp_full_match({{ value }}, '-?[0-9]+') then try_cast({{ value }} as bigint) end
{%- endmacro %}

{% macro spark__json_integer(text, key) -%}
    {#- get_json_object reads what it can; try_parse_json says whether the whole is JSON. -#}
    {%- set value = "get_json_object(" ~ text ~ ", '$." ~ key ~ "')" -%}
    case
        when try_parse_json({{ text }}) is not null and {{ value }} rlike '^-?[0-9]+$'
            then try_cast({{ value }} as bigint)
    end
{%- endmacro %}
