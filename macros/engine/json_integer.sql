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
