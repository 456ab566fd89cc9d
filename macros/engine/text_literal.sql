{#- A text as an SQL literal, whatever is in it. -#}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal')(text)) }}
{%- endmacro %}

{#- Several texts, with commas between them: for `in`. -#}
{% macro text_literals(texts) -%}
    {%- for text in texts -%}
        {{ text_literal(text) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{%- endmacro %}

{#- A backslash begins an escape here. -#}
{% macro snowflake__text_literal(text) -%}
    {{ return("'" ~ text | replace("\\", "\\\\") | replace("'", "''") ~ "'") }}
{%- endmacro %}

{% macro redshift__text_literal(text) -%}
    {{ return("'" ~ text | replace("\\", "\\\\") | replace("'", "''") ~ "'") }}
{%- endmacro %}

{#- So does a second apostrophe on these. -#}
{% macro spark__text_literal(text) -%}
    {{ return("'" ~ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") ~ "'") }}
{%- endmacro %}

{% macro bigquery__text_literal(text) -%}
    {{ return("'" ~ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") ~ "'") }}
{%- endmacro %}
