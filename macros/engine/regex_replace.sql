{#- A text with every match of a pattern replaced. replacement: text; {1} and {2} are the groups of the
pattern. -#}
{% macro regex_replace(text, pattern, replacement) -%}
    {{- adapter.dispatch('regex_replace')(text, pattern, replacement) -}}
{%- endmacro %}

{% macro default__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '\\') | replace('}', '') }}', 'g')
{%- endmacro %}

{% macro spark__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '$') | replace('}', '') }}')
{%- endmacro %}

{% macro redshift__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '$') | replace('}', '') }}')
{%- endmacro %}

{% macro snowflake__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '\\\\') | replace('}', '') }}')
{%- endmacro %}

{% macro bigquery__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '\\\\') | replace('}', '') }}')
{%- endmacro %}
