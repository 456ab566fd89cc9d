{#- The highest number that this incremental model has given as a key so far. New keys continue from it.

    column: the column of keys.
    Result: an SQL expression, one bigint; 0 where nothing has been built. -#}
{% macro last_key(column) -%}
    {%- if is_incremental() -%}
    (select coalesce(max({{ column }}), 0) from {{ this }})
    {%- else -%}
    0
    {%- endif -%}
{%- endmacro %}
