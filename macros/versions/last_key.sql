{#- The highest number that an incremental model has given as a key so far: new ones go on from there. -#}
{% macro last_key(column) -%}
    {%- if is_incremental() -%}
    (select coalesce(max({{ column }}), 0) from {{ this }})
    {%- else -%}
    0
    {%- endif -%}
{%- endmacro %}
