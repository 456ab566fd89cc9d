{#- The integer under `key` of a JSON object in text: a JSON integer, or a string of digits with an
    optional minus. Null for all else, also for text that is no JSON, 3.0, and what no bigint holds. Of a
    key that is there twice, the first value. -#}
{% macro json_integer(text, key) -%}
    {{ return(adapter.dispatch('json_integer')(text, key)) }}
{%- endmacro %}

{% macro duckdb__json_integer(text, key) -%}
    {%- set value = "try(json_extract_string(" ~ text ~ ", '$." ~ key ~ "'))" -%}
    case
        when
            regexp_full_match({{ value }}, '-?[0-9]+')
            and {{ json_is_strict(text) }}
            then try_cast({{ value }} as bigint)
    end
{%- endmacro %}

{#- get_json_object reads what it can; json_is_whole says whether it may. -#}
{% macro spark__json_integer(text, key) -%}
    {%- set value = "get_json_object(" ~ text ~ ", '$." ~ key ~ "')" -%}
    case
        when
            {{ json_is_whole(text) }}
            and {{ value }} rlike '^-?[0-9]+\\z'
            then try_cast({{ value }} as bigint)
    end
{%- endmacro %}

{#- PostgreSQL can't hold \u0000, so an object with it counts as none. Of a key that is there twice, its
    operator ->> takes the last value, where the other engines take the first. -#}
{% macro postgres__json_integer(text, key) -%}
    {%- set value -%}
        (
            select pairs.value
            from json_each_text(cast({{ text }} as json)) with ordinality as pairs (key, value, place)
            where pairs.key = '{{ key }}'
            order by pairs.place
            limit 1
        )
    {%- endset -%}
    case
        when
            {{ is_json_object(text) }}
            and position('\u0000' in {{ text }}) = 0
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
