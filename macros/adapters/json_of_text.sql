{#- A text as JSON text: an object or a list as it is, anything else in quotes. -#}
{% macro json_of_text(text) -%}
    {%- set in_object = dbt.concat(["'{\"a\": '", text, "'}'"]) -%}
    case
        when substr({{ text }}, 1, 1) in ('{', '[') and {{ is_json_object(in_object) | trim }} then {{ text }}
        else {{ as_json(text, dbt.type_string()) }}
    end
{%- endmacro %}

{#- A text as JSON text: a number where it is written as one, anything else in quotes. -#}
{% macro json_number_of_text(text) -%}
    case
        when {{ regex_matches(text, '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?') }} then {{ text }}
        else {{ as_json(text, dbt.type_string()) }}
    end
{%- endmacro %}
