{#- In which schema does a model live? Where the target's schema is `main`, in the plain one that BI tools
    know: `marts`. Elsewhere the target's schema comes first, `dev_marts`, so that you, CI and production
    share a warehouse and never write over each other. plg/schemas.py says the same in Python.

    dbt also asks this macro for our models in a project that uses this one as a package. There your own
    macro decides, or dbt's where you have none. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if project_name != 'plg_analytics' -%}
        {%- set of_root = context.get(project_name, {}).get('generate_schema_name') -%}
        {{ (of_root or dbt.generate_schema_name)(custom_schema_name, node) }}
    {%- elif not custom_schema_name -%}
        {{ target.schema }}
    {%- elif target.schema == 'main' -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
