{#- The clocks of a zone show the same on every engine: around both changes of clocks, with half
    hours, and where a zone skipped a date. -#}
{%- set six_hours_before = dateadd('hour', -6, "cast('2024-01-02 00:29:59' as timestamp)") -%}
with

cases as (

    {% for zone, instant, expected in [
        ('America/New_York', '2024-03-10 06:59:59.999999', '2024-03-10 01:59:59.999999'),
        ('America/New_York', '2024-03-10 07:00:00', '2024-03-10 03:00:00'),
        ('America/New_York', '2024-11-03 05:59:59', '2024-11-03 01:59:59'),
        ('America/New_York', '2024-11-03 06:00:00', '2024-11-03 01:00:00'),
        ('America/New_York', '2024-03-11 03:59:59.999999', '2024-03-10 23:59:59.999999'),
        ('America/New_York', '2024-03-11 04:00:00', '2024-03-11 00:00:00'),
        ('Asia/Kolkata', '2024-01-01 18:29:59.999999', '2024-01-01 23:59:59.999999'),
        ('Asia/Kolkata', '2024-01-01 18:30:00', '2024-01-02 00:00:00'),
        ('Pacific/Apia', '2011-12-30 09:59:59.999999', '2011-12-29 23:59:59.999999'),
        ('Pacific/Apia', '2011-12-30 10:00:00', '2011-12-31 00:00:00'),
        ('America/St_Johns', '2010-11-07 02:30:59', '2010-11-07 00:00:59'),
        ('America/St_Johns', '2010-11-07 02:31:00', '2010-11-06 23:01:00'),
        ('Etc/UTC', '2024-03-10 07:00:00', '2024-03-10 07:00:00'),
    ] -%}
    select
        '{{ zone }} at {{ instant }}' as case_name,
        cast(
            {{ wall_clock("cast('" ~ instant ~ "' as timestamp)", zone) }}
            as {{ dbt.type_timestamp() }}
        ) as found,
        cast('{{ expected }}' as {{ dbt.type_timestamp() }}) as expected
    union all
    {% endfor -%}
    select
        'an instant that is a difference' as case_name,
        cast(
            {{ wall_clock(six_hours_before, 'Asia/Kolkata') }}
            as {{ dbt.type_timestamp() }}
        ) as found,
        cast('2024-01-01 23:59:59' as {{ dbt.type_timestamp() }}) as expected

)

select *
from cases
where found is null or found <> expected
