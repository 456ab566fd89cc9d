{#- A number rounded to so many decimals. -#}
{% macro rounded(number, decimals) -%}
    {{ return(adapter.dispatch('rounded')(number, decimals)) }}
{%- endmacro %}

{% macro default__rounded(number, decimals) -%}
    round({{ number }}, {{ decimals }})
{%- endmacro %}

{% macro postgres__rounded(number, decimals) -%}
    round(cast({{ number }} as numeric), {{ decimals }})
{%- endmacro %}

{#- Not as on PostgreSQL: a numeric without a scale has no decimals here. -#}
{% macro redshift__rounded(number, decimals) -%}
    round({{ number }}, {{ decimals }})
{%- endmacro %}
