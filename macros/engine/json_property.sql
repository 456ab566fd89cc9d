{#- The value of a key of a JSON object in text: the text of a string, the digits of an integer, true or false.
    Null if the key is absent or its value is null, and where the text is no JSON object. Other values are not
    null, but their text differs between engines. Of a key that is there twice, the first value.

    text: an SQL expression.
    key: the name, without a quote, an apostrophe or a backslash. -#}
{% macro json_property(text, key) -%}
    {{ return(adapter.dispatch('json_property')(text, key)) }}
{%- endmacro %}

{% macro duckdb__json_property(text, key) -%}
    {%- set value = "try(json_extract_string(" ~ text ~ ", '$.\"" ~ key ~ "\"'))" -%}
    case when {{ value }} is not null and {{ json_is_strict(text) }} then {{ value }} end
{%- endmacro %}

{% macro spark__json_property(text, key) -%}
    case when {{ is_json_object(text) }} then get_json_object({{ text }}, '$[\'{{ key }}\']') end
{%- endmacro %}

{#- PostgreSQL can't hold \u0000, so an object with it counts as none. Its operator ->> takes the last value of
    a key that is there twice. -#}
{% macro postgres__json_property(text, key) -%}
    case
        when {{ is_json_object(text) }} and position('\u0000' in {{ text }}) = 0
            then (
                select pairs.value
                from json_each_text(cast({{ text }} as json)) with ordinality as pairs (key, value, place)
                where pairs.key = '{{ key }}'
                order by pairs.place
                limit 1
            )
    end
{%- endmacro %}

{#- Redshift can't tell an empty text from an absent key. -#}
{% macro redshift__json_property(text, key) -%}
    case
        when {{ is_json_object(text) }}
            then nullif(json_extract_path_text({{ text }}, '{{ key }}', true), '')
    end
{%- endmacro %}

{% macro snowflake__json_property(text, key) -%}
    case
        when is_object(try_parse_json({{ text }}))
            then cast(get(try_parse_json({{ text }}), '{{ key }}') as text)
    end
{%- endmacro %}

{#- json_value reads what it can; parse_json says whether the whole is JSON. -#}
{% macro bigquery__json_property(text, key) -%}
    {%- set path = "'$.\"" ~ key ~ "\"'" -%}
    case
        when {{ is_json_object(text) }}
            then coalesce(json_value({{ text }}, {{ path }}), json_query({{ text }}, {{ path }}))
    end
{%- endmacro %}
