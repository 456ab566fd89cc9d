{#- A text that compares decimal numbers exactly, with any number of digits: a smaller number has a
    smaller text. A number has digits and an optional sign, point and exponent; null for any other text.

    It has the sign, the place of the first digit that is not 0, and the digits from there on; for a
    negative number, with 9 for 0 and so on. Digits sort before letters on every engine.

    text: an SQL expression, trimmed text; it is repeated many times. -#}
{% macro number_key(text) -%}
    {%- set before = "coalesce(" ~ regex_group(text, '^[+-]?0*([0-9]*)') ~ ", '')" -%}
    {%- set behind = "coalesce(" ~ regex_group(text, '[.]([0-9]*)') ~ ", '')" -%}
    {%- set digits = regex_rest('concat(' ~ before ~ ', ' ~ behind ~ ')', '^0+') -%}
    {%- set exponent = "coalesce(" ~ regex_group(text, '[eE]([+-]?[0-9]+)$') ~ ", '')" -%}
    {%- set size = regex_rest(exponent, '^[+-]?0*') -%}
    {%- set shift = "case when length(" ~ size ~ ") > 9 then 999999999 else cast(concat('0', " ~ size ~ ") as bigint) end"
        ~ " * case when substr(" ~ exponent ~ ", 1, 1) = '-' then -1 else 1 end" -%}
    {%- set place = "length(" ~ digits ~ ") - length(" ~ behind ~ ") + (" ~ shift ~ ") + 5000000000" -%}
    {%- set place_text = "cast(cast(" ~ place ~ " as bigint) as " ~ dbt.type_string() ~ ")" -%}
    {%- set plain = "concat(" ~ place_text ~ ", " ~ regex_end_without_zeros(digits) ~ ")" -%}
    case
        when {{ regex_matches(text, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?') }}
            then
                case
                    when {{ digits }} = '' then '1'
                    when substr({{ text }}, 1, 1) = '-'
                        then concat('0', concat(translate({{ plain }}, '0123456789', '9876543210'), 'z'))
                    else concat('2', {{ plain }})
                end
    end
{%- endmacro %}

{#- Text of digits without the zeros at its end. -#}
{% macro regex_end_without_zeros(digits) -%}
    {{ regex_rest(digits, '0+$') }}
{%- endmacro %}
