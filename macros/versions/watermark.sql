{#- Up to which version of a model that it reads has this incremental model been built?

    column: the column of this model that stores that version.
    definitions: a CTE of one row that holds the current definition_version. Where it is given, only rows
    made by that definition count, so a changed definition builds every row again.
    Result: a subquery that gives one bigint; 0 where nothing has been built. -#}
{% macro watermark(column, definitions=none) -%}
    (
        select coalesce(max({{ column }}), 0)
        from {{ this }}
        {%- if definitions %}
        where definition_version = (select {{ definitions }}.definition_version from {{ definitions }})
        {%- endif %}
    )
{%- endmacro %}
