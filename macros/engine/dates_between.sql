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
