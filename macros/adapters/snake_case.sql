{#- An event's name in snake_case: Signed Up, SignedUp and signed_up are one event. Only ASCII letters
    change. A name without a letter or digit stays, too.

    name: an SQL expression.
    source: the name of the source, which replaces a leading $, because the vendor's own pageview is not yours. -#}
{% macro snake_case(name, source) -%}
    {%- set prefixed = "case when substr(" ~ name ~ ", 1, 1) = '$' then " ~ dbt.concat(
        ["'" ~ source ~ "_'", 'substr(' ~ name ~ ', 2)']) ~ ' else ' ~ name ~ ' end' -%}
    {%- set words = regex_replace(prefixed, '[^0-9A-Za-z\u0080-\U0010ffff]+', '_') -%}
    {%- set words = regex_replace(words, '([a-z0-9])([A-Z])', '{1}_{2}') -%}
    {%- set words = regex_replace(words, '([A-Z])([A-Z][a-z])', '{1}_{2}') -%}
    {%- set words = "translate(" ~ words ~ ", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')" -%}
    {%- set words = regex_replace(words, '_+', '_') -%}
    {%- set words = regex_replace(words, '^_|_$', '') -%}
    coalesce(nullif({{ words }}, ''), {{ name }})
{%- endmacro %}
