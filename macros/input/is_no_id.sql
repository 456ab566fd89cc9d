{#- Words, in small letters, that tools write in place of a missing id. -#}
{% macro words_that_are_no_ids() -%}
    {{ return([
        'anonymous', 'guest', 'null', 'none', 'nil', 'undefined', 'nan', 'true', 'false', '0', '-1',
        '[object object]', 'not_authenticated', 'unknown', '00000000-0000-0000-0000-000000000000',
    ]) }}
{%- endmacro %}

{#- Whether a text is one of them; null if the text is null. -#}
{% macro is_no_id(expression) -%}
    lower({{ expression }}) in ('{{ words_that_are_no_ids() | join("', '") }}')
{%- endmacro %}
