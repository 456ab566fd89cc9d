{#- The sum of whole numbers, also where it is larger than the largest bigint. -#}
{% macro exact_sum(number) -%}
    {{ return(adapter.dispatch('exact_sum')(number)) }}
{%- endmacro %}

{% macro default__exact_sum(number) -%}
    sum(cast({{ number }} as decimal(38, 0)))
{%- endmacro %}

{#- Sums of bigint are 128 bits wide. -#}
{% macro duckdb__exact_sum(number) -%}
    sum({{ number }})
{%- endmacro %}

{#- A decimal of BigQuery holds 29 digits before the point only. -#}
{% macro bigquery__exact_sum(number) -%}
    sum(cast({{ number }} as bignumeric))
{%- endmacro %}
