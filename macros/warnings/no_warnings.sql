{#- A query of no warnings, in the columns of int_build_warnings. -#}
{% macro no_warnings() -%}
    select
        {% for column in ['warning_id', 'table_name', 'subject', 'example', 'message'] -%}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {% endfor -%}
        cast(null as bigint) as row_count,
        {{ rate('1', '1') }} as row_rate
    from (select 1 as nothing) as nothing
    where 1 = 0
{%- endmacro %}
