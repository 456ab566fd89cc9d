{#- Whether a text is one JSON object, from its beginning to its end; null where the text is null. -#}
{% macro is_json_object(text) -%}
    {{ return(adapter.dispatch('is_json_object')(text)) }}
{%- endmacro %}

{% macro duckdb__is_json_object(text) -%}
    case
        when json_valid({{ text }})
            then json_type({{ text }}) = 'OBJECT' and {{ json_is_strict(text) }}
        when {{ text }} is not null then false
    end
{%- endmacro %}

{#- DuckDB forgives what JSON does not: a comma before a closing bracket, NaN and infinities. -#}
{% macro json_is_strict(text) -%}
    {%- set without_strings = "regexp_replace(" ~ text ~ ", '\"([^\"\\\\]|\\\\.)*\"', '\"\"', 'g')" -%}
    not regexp_matches({{ without_strings }}, '(?i),\s*[\]}]|nan|inf')
{%- endmacro %}

{% macro spark__is_json_object(text) -%}
    case
        when {{ text }} is not null
            then {{ text }} rlike '^[ \\t\\n\\r]*[{]' and {{ json_is_whole(text) }}
    end
{%- endmacro %}

{#- Spark's try_parse_json reads as far as the first value goes: only what stands as a value in a list and in
    an object is JSON from its beginning to its end. -#}
{% macro json_is_whole(text) -%}
    try_parse_json(concat('[', {{ text }}, ']')) is not null
    and try_parse_json(concat('{"": ', {{ text }}, '}')) is not null
{%- endmacro %}

{#- PostgreSQL 15 has nothing that says whether a text is JSON, and the cast stops at one that is not. So
    strings are replaced by "", other scalars by 0, and then objects and arrays of such, the innermost
    first, by 0: what has become 0 was JSON. Eight levels deep, that is; a deeper one counts as none. -#}
{% macro postgres__is_json_object(text) -%}
    {%- set hex = '[0-9a-fA-F]' -%}
    {%- set string -%}
        "([^"\\\u0001-\u001f]|\\["\\/bfnrt]
        |\\u([0-9a-cA-CeEfF]{{ hex }}|[dD][0-7]){{ hex }}{2}
        |\\u[dD][89abAB]{{ hex }}{2}\\u[dD][c-fC-F]{{ hex }}{2})*"
    {%- endset -%}
    {%- set string = string | replace('\n', '') | replace(' ', '') -%}
    {%- set scalar = 'true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?' -%}
    {%- set object = '\\{("":(0|"")(,"":(0|""))*)?\\}' -%}
    {%- set array = '\\[((0|"")(,(0|""))*)?\\]' -%}
    {%- set passes = [(string, '""'), (scalar, '0'), ('[ \\t\\n\\r]+', '')] + [(object ~ '|' ~ array, '0')] * 8 -%}
    {%- set shape = namespace(sql=text) -%}
    {%- for pattern, replacement in passes -%}
        {%- set shape.sql = "regexp_replace(" ~ shape.sql ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', 'g')" -%}
    {%- endfor -%}
    ({{ text }} ~ '^[ \t\n\r]*\{' and {{ shape.sql }} = '0')
{%- endmacro %}

{% macro redshift__is_json_object(text) -%}
    (is_valid_json({{ text }}) and {{ text }} ~ '^[[:space:]]*[{]')
{%- endmacro %}

{% macro snowflake__is_json_object(text) -%}
    case when {{ text }} is not null then coalesce(is_object(try_parse_json({{ text }})), false) end
{%- endmacro %}

{% macro bigquery__is_json_object(text) -%}
    {%- set parsed = "safe.parse_json(" ~ text ~ ", wide_number_mode => 'round')" -%}
    case when {{ text }} is not null then coalesce(json_type({{ parsed }}) = 'object', false) end
{%- endmacro %}
