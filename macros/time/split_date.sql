{#- Where the earlier dates end and the later ones begin: the Monday on or before the end of the first two
    thirds of the dates. Both dates count, so of 142 dates the earlier ones are 94 at most.
    first_date, last_date: SQL expressions, dates.
    Result: an SQL expression, a date; null where one of them is. -#}
{% macro split_date(first_date, last_date) -%}
    {%- set days = 'cast(floor(2 * (' ~ days_between(first_date, last_date) ~ ' + 1) / 3.0) as integer)' -%}
    {%- set end_date = 'cast(' ~ dbt.dateadd('day', days, first_date) ~ ' as date)' -%}
    cast({{ dbt.date_trunc('week', end_date) }} as date)
{%- endmacro %}

{#- A query of the sets that rates are taken over: `earlier` before the split date, `later` from it on, `all`.

    rows: relation with snapshot_date and split_date.
    columns: the columns that the rows keep.
    Result: these columns and snapshot_set, two rows for each row. -#}
{% macro rows_of_sets(rows, columns) -%}
    select
        {{ columns | join(',\n        ') }},
        case when snapshot_date < split_date then 'earlier' else 'later' end as snapshot_set
    from {{ rows }}
    union all
    select
        {{ columns | join(',\n        ') }},
        'all' as snapshot_set
    from {{ rows }}
{%- endmacro %}
