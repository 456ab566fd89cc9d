{#- Times are counted alike on every engine: exact to the microsecond, without clock or zone. -#}
with

cases as (

    select
        'microseconds over a year end' as case_name,
        {{ microseconds_between(
            "cast('2023-12-31 23:59:59.999999' as timestamp)",
            "cast('2024-01-01 00:00:00.000001' as timestamp)"
        ) }} as found,
        2 as expected
    union all
    select
        'microseconds backwards' as case_name,
        {{ microseconds_between(
            "cast('2024-03-31 03:00:00' as timestamp)", "cast('2024-03-31 01:00:00' as timestamp)"
        ) }} as found,
        -7200000000 as expected
    union all
    select
        'microseconds of a long time' as case_name,
        {{ microseconds_between(
            "cast('1970-01-01 00:00:00' as timestamp)", "cast('2262-01-01 00:00:00' as timestamp)"
        ) }} as found,
        9214646400000000 as expected
    union all
    select
        'a day less a microsecond' as case_name,
        {{ whole_days_between(
            "cast('2024-02-28 12:00:00.000001' as timestamp)",
            "cast('2024-02-29 12:00:00' as timestamp)"
        ) }} as found,
        0 as expected
    union all
    select
        'a whole day' as case_name,
        {{ whole_days_between(
            "cast('2024-02-28 12:00:00' as timestamp)", "cast('2024-02-29 12:00:00' as timestamp)"
        ) }} as found,
        1 as expected
    union all
    select
        'dates over a leap day' as case_name,
        {{ days_between("cast('2024-02-28' as date)", "cast('2024-03-01' as date)") }} as found,
        2 as expected
    union all
    select
        'dates backwards' as case_name,
        {{ days_between("cast('2024-01-02' as date)", "cast('2024-01-01' as date)") }} as found,
        -1 as expected
    union all
    select
        'a day later, by the microsecond' as case_name,
        {{ microseconds_between(
            "cast('2024-03-30 01:30:00.123456' as timestamp)",
            dbt.dateadd('day', 2, "cast('2024-03-30 01:30:00.123456' as timestamp)")
        ) }} as found,
        172800000000 as expected
    union all
    select
        'hours, backwards' as case_name,
        {{ microseconds_between(
            "cast('2024-03-30 01:30:00.123456' as timestamp)",
            dbt.dateadd('hour', -25, "cast('2024-03-30 01:30:00.123456' as timestamp)")
        ) }} as found,
        -90000000000 as expected
    union all
    select
        'days from a date' as case_name,
        {{ microseconds_between(
            "cast('2024-12-31 00:00:00' as timestamp)",
            dbt.dateadd('day', 1, "cast('2024-12-31' as date)")
        ) }} as found,
        86400000000 as expected
    union all
    select
        'the week of a Sunday began on Monday' as case_name,
        {{ days_between(
            'cast(' ~ dbt.date_trunc('week', "cast('2024-03-03 23:59:59' as timestamp)") ~ ' as date)',
            "cast('2024-03-03' as date)"
        ) }} as found,
        6 as expected

)

select *
from cases
where coalesce(found, expected - 1) <> expected
