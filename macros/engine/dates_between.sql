{#- A query over one row of `relation`: every `step_days`-th date from its column `first` to its column
    `last`, both included, as `column`. -#}
{% macro dates_between(relation, first, last, column, step_days=1) -%}
    {{ return(adapter.dispatch('dates_between')(relation, first, last, column, step_days)) }}
{%- endmacro %}

{% macro duckdb__dates_between(relation, first, last, column, step_days) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval {{ step_days }} day)) as date) as {{ column }}
    from {{ relation }}
{%- endmacro %}

{% macro spark__dates_between(relation, first, last, column, step_days) -%}
    select
        explode(
            case
                when {{ first }} <= {{ last }}
                    then sequence(cast({{ first }} as date), cast({{ last }} as date), interval {{ step_days }} day)
                else cast(array() as array<date>)
            end
        ) as {{ column }}
    from {{ relation }}
{%- endmacro %}

{% macro postgres__dates_between(relation, first, last, column, step_days) -%}
    select cast(series.series_at as date) as {{ column }}
    from {{ relation }}
    cross join lateral generate_series(
        cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval '{{ step_days }} day'
    ) as series (series_at)
{%- endmacro %}

{#- Redshift's generate_series runs where no table can be read. Six digits count a million steps. -#}
{% macro redshift__dates_between(relation, first, last, column, step_days) -%}
    {%- set places = ['ones', 'tens', 'hundreds', 'thousands', 'ten_thousands', 'hundred_thousands'] -%}
    select cast(dateadd(day, steps.step_number * {{ step_days }}, {{ first }}) as date) as {{ column }}
    from {{ relation }}
    cross join (
        select
            {% for place in places -%}
            {{ place }}.digit * {{ 10 ** loop.index0 }}{{ ' +' if not loop.last }}
            {% endfor -%}
            as step_number
        from
            {%- for place in places %}
            {{ 'cross join' if not loop.first }} (
                {%- for digit in range(10) -%}
                    select {{ digit }} as digit{{ ' union all ' if not loop.last }}
                {%- endfor -%}
            ) as {{ place }}
            {%- endfor %}
    ) as steps
    where dateadd(day, steps.step_number * {{ step_days }}, {{ first }}) <= {{ last }}
{%- endmacro %}

{% macro snowflake__dates_between(relation, first, last, column, step_days) -%}
    select dateadd(day, cast(steps.value as integer), cast({{ first }} as date)) as {{ column }}
    from {{ relation }}
    cross join lateral flatten(
        input => array_generate_range(0, datediff(day, {{ first }}, {{ last }}) + 1, {{ step_days }})
    ) as steps
{%- endmacro %}

{% macro bigquery__dates_between(relation, first, last, column, step_days) -%}
    select {{ column }}
    from {{ relation }}
    cross join unnest(
        generate_date_array(cast({{ first }} as date), cast({{ last }} as date), interval {{ step_days }} day)
    ) as {{ column }}
{%- endmacro %}
