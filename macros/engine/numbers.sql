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

{% macro postgres__numbers(last, column) -%}
    select series.{{ column }}
    from generate_series(0, {{ last }}) as series ({{ column }})
{%- endmacro %}

{#- Redshift's generate_series runs where no table can be read. -#}
{% macro redshift__numbers(last, column) -%}
    {%- for number in range(last + 1) -%}
    select {{ number }} as {{ column }}{{ ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro snowflake__numbers(last, column) -%}
    select cast(series.value as integer) as {{ column }}
    from table(flatten(input => array_generate_range(0, {{ last }} + 1))) as series
{%- endmacro %}

{% macro bigquery__numbers(last, column) -%}
    select {{ column }}
    from unnest(generate_array(0, {{ last }})) as {{ column }}
{%- endmacro %}
