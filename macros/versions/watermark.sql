{#- Up to which version has this model taken in what it reads? `column` of its rows says so; where
    `definition_version` (an expression) is given, only rows made by that definition count, so that another
    definition takes everything in anew. -#}
{% macro watermark(column, definition_version=none) -%}
    (
        select coalesce(max({{ column }}), 0)
        from {{ this }}
        {%- if definition_version %}
        where definition_version = {{ definition_version }}
        {%- endif %}
    )
{%- endmacro %}
