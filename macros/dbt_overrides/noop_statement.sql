{#- dbt's own macro, but it does not write a seed's statement to the target folder. dbt joins that folder to
    the seed's path, and where the path is absolute, the result is the CSV itself. dbt uses this for our models
    only, also where you use this project as a package. -#}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- set sql = caller() -%}
    {%- if name == 'main' and model.resource_type != 'seed' -%}
        {{ write(sql) }}
    {%- endif -%}
    {%- if name is not none -%}
        {{ store_raw_result(
            name, message=message, code=code, rows_affected=rows_affected, agate_table=res
        ) }}
    {%- endif -%}
{%- endmacro %}
