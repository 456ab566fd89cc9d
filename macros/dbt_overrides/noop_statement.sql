{#- dbt's own macro, less one thing: a seed's statement is not written to the target folder. dbt joins
    that path to the seed's, and for a seed from an absolute folder the result is the CSV itself. -#}
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
