{#- Values of JSON: what a key holds, and what a column is as JSON.

    In all of them
    value: an SQL expression.
    type: its type, as the engine names it. -#}

{#- The value at the end of some keys, each inside the one before: text without its quotes, anything
    else as JSON; null if there is no such key, or the value is no JSON.

    keys: a list of names. -#}
{% macro json_key(value, type, keys) -%}
    {{- adapter.dispatch('json_key')(value, type, keys) -}}
{%- endmacro %}

{% macro duckdb__json_key(value, type, keys) -%}
    {%- set path = [] -%}
    {%- for key in keys -%}
        {%- do path.append('."' ~ key | replace('"', '\\"') | replace("'", "''") ~ '"') -%}
    {%- endfor -%}
    {%- set path = "'$" ~ path | join ~ "'" -%}
    {%- if type | lower == 'json' -%}
        json_extract_string({{ value }}, {{ path }})
    {%- elif value_kind(type) | trim == 'nested' -%}
        json_extract_string(to_json({{ value }}), {{ path }})
    {%- else -%}
        case when json_valid({{ value }}) then json_extract_string({{ value }}, {{ path }}) end
    {%- endif -%}
{%- endmacro %}

{% macro spark__json_key(value, type, keys) -%}
    {%- set path = [] -%}
    {%- for key in keys -%}
        {%- do path.append("[\\'" ~ key | replace("'", "\\'") ~ "\\']") -%}
    {%- endfor -%}
    get_json_object(
        {{- value if value_kind(type) | trim == 'text' else 'to_json(' ~ value ~ ')' }}, '${{ path | join }}')
{%- endmacro %}

{% macro postgres__json_key(value, type, keys) -%}
    {%- set path = "array['" ~ keys | map('replace', "'", "''") | join("', '") ~ "']" -%}
    {%- if value_kind(type) | trim == 'text' -%}
        case when {{ is_json_object(value) }} then cast({{ value }} as json) #>> {{ path }} end
    {%- else -%}
        ({{ value }} #>> {{ path }})
    {%- endif -%}
{%- endmacro %}

{% macro redshift__json_key(value, type, keys) -%}
    nullif(
        json_extract_path_text(
            {{- value if value_kind(type) | trim == 'text' else 'json_serialize(' ~ value ~ ')' -}}
            , '{{ keys | map('replace', "'", "''") | join("', '") }}', true
        ),
        ''
    )
{%- endmacro %}

{% macro snowflake__json_key(value, type, keys) -%}
    {%- set path = [] -%}
    {%- for key in keys -%}
        {%- do path.append("['" ~ key | replace("'", "''") ~ "']") -%}
    {%- endfor -%}
    cast({{ 'try_parse_json(' ~ value ~ ')' if value_kind(type) | trim == 'text' else value }}{{ path | join }} as text)
{%- endmacro %}

{% macro bigquery__json_key(value, type, keys) -%}
    {%- if type | lower in ('json', 'string', 'text') -%}
        {%- set path = [] -%}
        {%- for key in keys -%}
            {%- do path.append('."' ~ key | replace("'", "\\'") ~ '"') -%}
        {%- endfor -%}
        {%- set path = "'$" ~ path | join ~ "'" -%}
        coalesce(json_value({{ value }}, {{ path }}), to_json_string(json_query({{ value }}, {{ path }})))
    {%- else -%}
        cast({{ value }}.{{ keys | join('.') }} as string)
    {%- endif -%}
{%- endmacro %}

{#- A value of a column of the engine's JSON type, or any other, as text: JSON text without its quotes. -#}
{% macro json_text(value, type) -%}
    {{- adapter.dispatch('json_text')(value, type) -}}
{%- endmacro %}

{% macro duckdb__json_text(value, type) -%}
    ({{ value }} ->> '$')
{%- endmacro %}

{% macro spark__json_text(value, type) -%}
    variant_get({{ value }}, '$', 'string')
{%- endmacro %}

{% macro postgres__json_text(value, type) -%}
    ({{ value }} #>> '{}')
{%- endmacro %}

{% macro redshift__json_text(value, type) -%}
    cast({{ value }} as varchar(65535))
{%- endmacro %}

{% macro snowflake__json_text(value, type) -%}
    cast({{ value }} as text)
{%- endmacro %}

{% macro bigquery__json_text(value, type) -%}
    coalesce(json_value({{ value }}), to_json_string({{ value }}))
{%- endmacro %}

{#- Does the type hold any JSON value, so that text has quotes in it? -#}
{% macro is_json_type(type) -%}
    {{ return((type | lower) in ('json', 'jsonb', 'variant', 'super')) }}
{%- endmacro %}

{#- A value of any type as JSON text; null stays null. -#}
{% macro as_json(value, type) -%}
    {{- adapter.dispatch('as_json')(value, type) -}}
{%- endmacro %}

{% macro duckdb__as_json(value, type) -%}
    cast(to_json({{ value }}) as varchar)
{%- endmacro %}

{#- A struct of one key, without its key. -#}
{% macro spark__as_json(value, type) -%}
    {%- set struct = "to_json(named_struct('v', " ~ value ~ '))' -%}
    case when {{ value }} is not null then substr({{ struct }}, 6, length({{ struct }}) - 6) end
{%- endmacro %}

{% macro postgres__as_json(value, type) -%}
    cast(to_json({{ value }}) as text)
{%- endmacro %}

{% macro redshift__as_json(value, type) -%}
    {%- if value_kind(type) | trim == 'nested' -%}
        json_serialize({{ value }})
    {%- elif value_kind(type) | trim in ('integer', 'float', 'decimal') or type | lower == 'boolean' -%}
        cast({{ value }} as varchar(65535))
    {%- else -%}
        '"' || replace(replace(cast({{ value }} as varchar(65535)), '\\', '\\\\'), '"', '\\"') || '"'
    {%- endif -%}
{%- endmacro %}

{% macro snowflake__as_json(value, type) -%}
    to_json(to_variant({{ value }}))
{%- endmacro %}

{% macro bigquery__as_json(value, type) -%}
    case when {{ value }} is not null then to_json_string({{ value }}) end
{%- endmacro %}

{#- A JSON object of the columns that have a value, keys in byte order; null if no column has one.

    fields: a list of {key, sql, type}, or of {key, json} for SQL that gives JSON text. -#}
{% macro json_object_of(fields) -%}
    {%- set parts = [] -%}
    {%- for field in fields | sort(attribute='key', case_sensitive=true) -%}
        {%- set key = ', ' ~ tojson(field.key) ~ ': ' -%}
        {%- do parts.append(
            "coalesce(" ~ dbt.concat(["'" ~ dbt.escape_single_quotes(key) ~ "'", field.json or as_json(field.sql, field.type)])
            ~ ", '')"
        ) -%}
    {%- endfor -%}
    {%- if parts -%}
        {%- set text = parts[0] if parts | length == 1 else dbt.concat(parts) -%}
        case when {{ text }} <> '' then {{ dbt.concat(["'{'", 'substr(' ~ text ~ ', 3)', "'}'"]) }} end
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}

{#- The first element of a text that is a JSON array, as text without its quotes; any other text as it is.

    text: an SQL expression. -#}
{% macro first_of_list(text) -%}
    {{- adapter.dispatch('first_of_list')(text) -}}
{%- endmacro %}

{% macro duckdb__first_of_list(text) -%}
    case
        when starts_with({{ text }}, '[') and json_valid({{ text }}) then json_extract_string({{ text }}, '$[0]')
        else {{ text }}
    end
{%- endmacro %}

{% macro spark__first_of_list(text) -%}
    case
        when {{ text }} like '[%' and try_parse_json({{ text }}) is not null then get_json_object({{ text }}, '$[0]')
        else {{ text }}
    end
{%- endmacro %}

{% macro postgres__first_of_list(text) -%}
    {%- set object = "'{\"list\": ' || " ~ text ~ " || '}'" -%}
    case
        when {{ text }} like '[%' and {{ is_json_object('(' ~ object ~ ')') }}
            then cast({{ object }} as json) #>> array['list', '0']
        else {{ text }}
    end
{%- endmacro %}

{% macro redshift__first_of_list(text) -%}
    case
        when is_valid_json_array({{ text }}) then json_extract_array_element_text({{ text }}, 0, true)
        else {{ text }}
    end
{%- endmacro %}

{% macro snowflake__first_of_list(text) -%}
    case
        when is_array(try_parse_json({{ text }})) then cast(get(try_parse_json({{ text }}), 0) as text)
        else {{ text }}
    end
{%- endmacro %}

{% macro bigquery__first_of_list(text) -%}
    case
        when {{ text }} like '[%' and safe.parse_json({{ text }}) is not null
            then json_value(safe.parse_json({{ text }}), '$[0]')
        else {{ text }}
    end
{%- endmacro %}

{#- A JSON object without some of its keys; any other text as it is.

    text: an SQL expression.
    keys: a list of names without quotes in them. -#}
{% macro json_without_keys(text, keys) -%}
    {{- adapter.dispatch('json_without_keys')(text, keys) -}}
{%- endmacro %}

{% macro duckdb__json_without_keys(text, keys) -%}
    case
        when json_valid({{ text }}) and json_type({{ text }}) = 'OBJECT'
            then cast(json_merge_patch({{ text }}, '{"{{ keys | join('": null, "') }}": null}') as varchar)
        else {{ text }}
    end
{%- endmacro %}

{#- A variant keeps each value's type. -#}
{% macro spark__json_without_keys(text, keys) -%}
    case
        when {{ is_json_object(text) }}
            then
                to_json(map_filter(
                    from_json({{ text }}, 'map<string, variant>'), (k, v) -> k not in ('{{ keys | join("', '") }}')
                ))
        else {{ text }}
    end
{%- endmacro %}

{% macro postgres__json_without_keys(text, keys) -%}
    case
        when {{ is_json_object(text) }}
            then (
                select
                    '{' || coalesce(string_agg(to_json(fields.key) || ': ' || fields.value, ', ' order by fields.place), '')
                    || '}'
                from json_each(cast({{ text }} as json)) with ordinality as fields (key, value, place)
                where fields.key not in ('{{ keys | join("', '") }}')
            )
        else {{ text }}
    end
{%- endmacro %}

{#- It has no function that removes a key, so the value of the key becomes null. -#}
{% macro redshift__json_without_keys(text, keys) -%}
    {%- set nulls = [] -%}
    {%- for key in keys -%}
        {%- do nulls.append("'\"" ~ key ~ "\"', null") -%}
    {%- endfor -%}
    case
        when {{ is_json_object(text) }}
            then json_serialize(object_transform(json_parse({{ text }}) set {{ nulls | join(', ') }}))
        else {{ text }}
    end
{%- endmacro %}

{% macro snowflake__json_without_keys(text, keys) -%}
    case
        when is_object(try_parse_json({{ text }}))
            then to_json(object_delete(try_parse_json({{ text }}), '{{ keys | join("', '") }}'))
        else {{ text }}
    end
{%- endmacro %}

{% macro bigquery__json_without_keys(text, keys) -%}
    case
        when {{ is_json_object(text) }}
            then
                to_json_string(json_remove(
                    safe.parse_json({{ text }}, wide_number_mode => 'round'),
                    {%- for key in keys %} '$."{{ key }}"'{{ ',' if not loop.last }}{% endfor %}
                ))
        else {{ text }}
    end
{%- endmacro %}
