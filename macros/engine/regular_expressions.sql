{#- Regular expressions that are the same on every engine: without backslashes, lookaround and groups that
    don't capture. The text has no line end at its end. -#}

{#- Does the whole text match? -#}
{% macro regex_matches(text, pattern) -%}
    {{- adapter.dispatch('regex_matches')(text, pattern | trim) -}}
{%- endmacro %}

{#- What the first group of the pattern matches, which has one group; null or empty where nothing does. -#}
{% macro regex_group(text, pattern) -%}
    {{- adapter.dispatch('regex_group')(text, pattern | trim) -}}
{%- endmacro %}

{#- The text without what the pattern matches at its beginning. -#}
{% macro regex_rest(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '')
{%- endmacro %}

{% macro duckdb__regex_matches(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__regex_group(text, pattern) -%}
    regexp_extract({{ text }}, '{{ pattern }}', 1)
{%- endmacro %}

{% macro spark__regex_matches(text, pattern) -%}
    {{ text }} rlike '^({{ pattern }})$'
{%- endmacro %}

{% macro spark__regex_group(text, pattern) -%}
    regexp_extract({{ text }}, '{{ pattern }}', 1)
{%- endmacro %}

{% macro postgres__regex_matches(text, pattern) -%}
    {{ text }} ~ '^({{ pattern }})$'
{%- endmacro %}

{% macro postgres__regex_group(text, pattern) -%}
    substring({{ text }} from '{{ pattern }}')
{%- endmacro %}

{% macro redshift__regex_group(text, pattern) -%}
    regexp_substr({{ text }}, '{{ pattern }}', 1, 1, 'e')
{%- endmacro %}

{#- It matches the whole text by itself. -#}
{% macro snowflake__regex_matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro snowflake__regex_group(text, pattern) -%}
    regexp_substr({{ text }}, '{{ pattern }}', 1, 1, 'e', 1)
{%- endmacro %}

{% macro bigquery__regex_matches(text, pattern) -%}
    regexp_contains({{ text }}, '^({{ pattern }})$')
{%- endmacro %}

{% macro bigquery__regex_group(text, pattern) -%}
    regexp_extract({{ text }}, '{{ pattern }}')
{%- endmacro %}
