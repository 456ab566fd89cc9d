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
{% endmacro %}

{#- The ages in days at which scores are held against what happened later, the youngest first: the var
    pql_snapshot_days. plg/definitions/dbt_vars.py checks the vars in the same way.

    Result: a list of whole numbers.
    Error: a compiler error where the history of pql_history_days ends before an age, pql_window_days or
        handoff_signup_days, or where the week value_week is not after the first age. -#}
{% macro snapshot_ages() %}
    {%- set ages, days, week = var('pql_snapshot_days') | sort, var('pql_history_days'), var('value_week') -%}
    {%- for age in var('pql_snapshot_days') if days and age >= days -%}
        {{ exceptions.raise_compiler_error(
            "The var pql_snapshot_days holds " ~ age ~ "; it must be below pql_history_days (" ~ days ~ ")."
        ) }}
    {%- endfor -%}
    {%- for name in ('pql_window_days', 'handoff_signup_days') if days and var(name) > days -%}
        {{ exceptions.raise_compiler_error(
            "The var " ~ name ~ " is " ~ var(name) ~ ", beyond pql_history_days (" ~ days ~ "); write at most "
            ~ days ~ ", or keep a longer history."
        ) }}
    {%- endfor -%}
    {%- if 7 * week <= ages[0] -%}
        {{ exceptions.raise_compiler_error(
            "The var value_week is " ~ week ~ ": " ~ 7 * week ~ " days are not above the first of "
            ~ "pql_snapshot_days (" ~ ages[0] ~ "); write a later week."
        ) }}
    {%- endif -%}
    {{ return(ages) }}
{% endmacro %}
