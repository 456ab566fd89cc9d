{#- A type of the project by the name that the engine has for it. -#}
{% macro engine_type(type) -%}
    {{ return(adapter.dispatch('engine_type')(type)) }}
{%- endmacro %}

{% macro default__engine_type(type) -%}
    {{ return(type) }}
{%- endmacro %}

{% macro postgres__engine_type(type) -%}
    {{ return({'string': 'text', 'double': 'double precision'}.get(type | lower, type)) }}
{%- endmacro %}

{#- A text without a length has 256 characters here. -#}
{% macro redshift__engine_type(type) -%}
    {{ return({
        'string': 'varchar(65535)', 'text': 'varchar(65535)', 'double': 'double precision'
    }.get(type | lower, type)) }}
{%- endmacro %}

{#- A decimal has nine decimals at most here. -#}
{% macro bigquery__engine_type(type) -%}
    {{ return({
        'double': 'float64', 'decimal(18, 10)': 'bignumeric(18, 10)',
        'decimal(18, 12)': 'bignumeric(18, 12)', 'decimal(30, 12)': 'bignumeric(30, 12)'
    }.get(type | lower, type)) }}
{%- endmacro %}

{#- What dbt.type_string() says. -#}
{% macro redshift__type_string() -%}
    {{ return(engine_type('string')) }}
{%- endmacro %}
