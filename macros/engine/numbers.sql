{#- A query of the whole numbers from 0 to `last`, as `column`. -#}
{% macro numbers(last, column) -%}
    {{ return(adapter.dispatch('numbers')(last, column)) }}
{%- endmacro %}

{% macro duckdb__numbers(last, column) -%}
    select cast(unnest(generate_series(0, {{ last }})) as integer) as {{ column }}
{%- endmacro %}

{% macro spark__numbers(last, column) -%}
    select explode(sequence(0, {{ last }})) as {{ column }}
{%- endmacro %}
