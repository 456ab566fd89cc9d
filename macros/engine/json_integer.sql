{#- The integer under `key` of a JSON object in text: a JSON integer, or a string of digits with an
    optional minus. Null for all else, also for text that is no JSON, 3.0, and what no bigint holds. -#}
{% macro json_integer(text, key) -%}
    {{ return(adapter.dispatch('json_integer')(text, key)) }}
{%- endmacro %}

{#- DuckDB forgives what JSON does not: a comma before a closing bracket, NaN and infinities. -#}
{% macro duckdb__json_integer(text, key) -%}
    {%- set value = "try(json_extract_string(" ~ text ~ ", '$." ~ key ~ "'))" -%}
    {%- set without_strings = "regexp_replace(" ~ text ~ ", '\"([^\"\\\\]|\\\\.)*\"', '\"\"', 'g')" -%}
    case
        when
            regexp_full_match({{ value }}, '-?[0-9]+')
            and not regexp_matches({{ without_strings }}, '(?i),\s*[\]}]|nan|inf')
            then try_cast({{ value }} as bigint)
    end
{%- endmacro %}

{#- get_json_object reads what it can, and try_parse_json as far as the first value goes: only what stands
    as a value in a list and in an object is JSON from its beginning to its end. -#}
{% macro spark__json_integer(text, key) -%}
    {%- set value = "get_json_object(" ~ text ~ ", '$." ~ key ~ "')" -%}
    case
        when
            try_parse_json(concat('[', {{ text }}, ']')) is not null
            and try_parse_json(concat('{"": ', {{ text }}, '}')) is not null
            and {{ value }} rlike '^-?[0-9]+\\z'
            then try_cast({{ value }} as bigint)
    end
{%- endmacro %}

{#- PostgreSQL 15 has nothing that says whether a text is JSON, and the cast stops at one that is not. So
    strings are replaced by "", other scalars by 0, and then objects and arrays of such, the innermost
    first, by 0: what has become 0 was JSON. Eight levels deep, that is; a deeper one counts as none, and
    so does \u0000, which PostgreSQL can't hold. -#}
{% macro postgres__json_integer(text, key) -%}
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
    {%- set value = "(cast(" ~ text ~ " as json) ->> '" ~ key ~ "')" -%}
    case
        when
            {{ text }} ~ '^[ \t\n\r]*\{'
            and position('\u0000' in {{ text }}) = 0
            and {{ shape.sql }} = '0'
            then
                case
                    when {{ value }} ~ '^-?0*[0-9]{1,19}$'
                        then
                            case
                                when
                                    cast({{ value }} as numeric) >= -9223372036854775808
                                    and cast({{ value }} as numeric) <= 9223372036854775807
                                    then cast({{ value }} as bigint)
                            end
                end
    end
{%- endmacro %}

{% macro redshift__json_integer(text, key) -%}
    {%- set value = "json_extract_path_text(" ~ text ~ ", '" ~ key ~ "', true)" -%}
    case when {{ value }} ~ '^-?[0-9]+$' then try_cast({{ value }} as bigint) end
{%- endmacro %}

{#- A variant may forget that 3 was written 3.0, so the text has to say it, too. A bigint holds 38 digits
    here, so its bounds are said. -#}
{% macro snowflake__json_integer(text, key) -%}
    {%- set value = "to_varchar(get_path(try_parse_json(" ~ text ~ "), '" ~ key ~ "'))" -%}
    case
        when
            regexp_like({{ value }}, '-?[0-9]+')
            and regexp_like(
                {{ text }},
                '.*"{{ key }}"[[:space:]]*:[[:space:]]*"?-?[0-9]+"?[[:space:]]*[,}].*',
                's'
            )
            and try_cast({{ value }} as number(38, 0)) >= -9223372036854775808
            and try_cast({{ value }} as number(38, 0)) <= 9223372036854775807
            then try_cast({{ value }} as number(38, 0))
    end
{%- endmacro %}

{#- json_value reads what it can; parse_json says whether the whole is JSON. -#}
{% macro bigquery__json_integer(text, key) -%}
    {%- set value = "json_value(" ~ text ~ ", '$." ~ key ~ "')" -%}
    case
        when
            safe.parse_json({{ text }}, wide_number_mode => 'round') is not null
            and regexp_contains({{ value }}, '^-?[0-9]+$')
            then safe_cast({{ value }} as int64)
    end
{%- endmacro %}
