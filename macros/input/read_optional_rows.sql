{#- A query of an optional raw table where no view of the build shows it: its rows, or none where the
    schema has no such table.

    table: its name in the register.
    delivered: the source. -#}
{% macro read_optional_rows(table, delivered) -%}
    {%- set found = adapter.get_relation(delivered.database, delivered.schema, delivered.identifier) if execute -%}
    {%- if found -%}
        {{ read_rows(delivered_values(table, delivered), delivered, made_of_a_table()) }}
    {%- else -%}
        select
        {%- for name, column in delivered_columns(table).items() %}
            {{ no_value(name, column.data_type).sql }} as {{ raw_column(name) }},
        {%- endfor %}
        {%- for name, sql in made_of_a_table().items() %}
            {{ sql }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
        from (select 1 as nothing) as nothing
        where 1 = 0
    {%- endif -%}
{%- endmacro %}
