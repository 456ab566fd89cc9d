{#- Parts of the sentences of warnings. No part holds an apostrophe: not every engine reads one in a text. -#}

{#- A count as text. -#}
{% macro as_text(count) -%}
    cast({{ count }} as {{ dbt.type_string() }})
{%- endmacro %}

{#- A share as text, such as 41.3 %: whole numbers all the way, so that every engine writes the same.
    part, whole: two counts; the whole is above 0. -#}
{% macro share_text(part, whole) -%}
    {%- set doubled = '(2000 * (' ~ part ~ ') + (' ~ whole ~ '))' -%}
    {%- set permille = whole_quotient(doubled, '(2 * (' ~ whole ~ '))') -%}
    case
        when {{ permille }} = 0 then 'less than 0.1 %'
        else
            {{ as_text(whole_quotient(permille, '10')) }} || '.'
            || {{ as_text('mod(' ~ permille ~ ', 10)') }} || ' %'
    end
{%- endmacro %}

{#- How often the divisor goes into the dividend; both are whole numbers. -#}
{% macro whole_quotient(dividend, divisor) -%}
    cast(({{ dividend }} - mod({{ dividend }}, {{ divisor }})) / {{ divisor }} as bigint)
{%- endmacro %}

{#- A count and what it is a share of, as text: 155 of 160 (96.9 %). -#}
{% macro part_of(part, whole) -%}
    {{ as_text(part) }} || ' of ' || {{ as_text(whole) }} || ' ('
    || {{ share_text(part, whole) }} || ')'
{%- endmacro %}

{#- A text with the characters that nobody sees shown by their numbers: document_created<U+200B>. -#}
{% macro shown(text) -%}
    {%- set shown = namespace(sql=text) -%}
    {%- for character, number in unseen_characters().items() -%}
        {%- set shown.sql = "replace(" ~ shown.sql ~ ", '" ~ character ~ "', '<" ~ number ~ ">')" -%}
    {%- endfor -%}
    {{ shown.sql }}
{%- endmacro %}

{#- Two spellings of one name share this text: lower case, without blanks, signs and what nobody sees. -#}
{% macro plain_spelling(text) -%}
    translate(lower({{ text }}), ' _-.:/|{{ unseen_characters() | join }}', '')
{%- endmacro %}

{% macro unseen_characters() -%}
    {{ return({
        '\u0009': 'U+0009', '\u00a0': 'U+00A0', '\u00ad': 'U+00AD',
        '\u200b': 'U+200B', '\u200c': 'U+200C', '\u200d': 'U+200D', '\u200e': 'U+200E', '\u200f': 'U+200F',
        '\u202f': 'U+202F', '\u2060': 'U+2060', '\ufeff': 'U+FEFF',
    }) }}
{%- endmacro %}

{#- A decimal as text, without zeros at its end. -#}
{% macro decimal_text(number) -%}
    {%- set text = 'cast(cast(' ~ number ~ ' as ' ~ engine_type('decimal(30, 12)') ~ ') as ' ~ dbt.type_string() ~ ')' -%}
    case when {{ text }} like '%.%' then regexp_replace({{ text }}, '[.]?0+$', '') else {{ text }} end
{%- endmacro %}
