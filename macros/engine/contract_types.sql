{#- Contracts name the project's types; here they are replaced by the engine's before dbt reads them. -#}
{% macro use_engine_types() -%}
    {%- for column in model['columns'].values() -%}
        {%- do column.update({'data_type': engine_type(column['data_type'])}) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro postgres__get_assert_columns_equivalent(sql) -%}
    {%- do use_engine_types() -%}
    {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{#- On Redshift the columns are written before they are compared. -#}
{% macro postgres__get_table_columns_and_constraints() -%}
    {%- do use_engine_types() -%}
    {{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{% macro bigquery__get_assert_columns_equivalent(sql) -%}
    {%- do use_engine_types() -%}
    {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}
