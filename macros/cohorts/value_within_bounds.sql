{#- The value of a segment with bounds, such as `under 11`, `11 to under 51` and `51 and over`: null
    without a text, `unknown` if the text is no number.

    value: the column with the text.
    key: the column with its number_key.
    bounds: the bounds as written, ascending.
    bound_keys: the columns with their keys. -#}
{% macro value_within_bounds(value, key, bounds, bound_keys) -%}
    case
        when {{ value }} is null then null
        when {{ key }} is null then 'unknown'
        when {{ key }} < {{ bound_keys[0] }} then 'under {{ bounds[0] }}'
        {%- for bound in bounds[1:] %}
        when {{ key }} < {{ bound_keys[loop.index] }}
            then '{{ bounds[loop.index0] }} to under {{ bound }}'
        {%- endfor %}
        else '{{ bounds[-1] }} and over'
    end
{%- endmacro %}
