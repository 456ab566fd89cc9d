{#- The date of the snapshot of a unit of int_pql_units at an age: the first date whose midnight, UTC, is not
    before started_at + age.

    units: relation with started_at and started_date.
    age: days, a whole number or a column.
    Result: an SQL expression, a date. -#}
{% macro snapshot_date(units, age) -%}
    cast(
        {{ dbt.dateadd(
            'day',
            age ~ ' + case when ' ~ units ~ '.started_at > cast(' ~ units
            ~ '.started_date as timestamp) then 1 else 0 end',
            units ~ '.started_date'
        ) }} as date
    )
{%- endmacro %}

{#- The ages in days at which scores are held against what happened later, the youngest first: the var
    pql_snapshot_days.

    Result: a list of whole numbers. -#}
{% macro snapshot_ages() -%}
    {{ return(var('pql_snapshot_days') | sort) }}
{%- endmacro %}
