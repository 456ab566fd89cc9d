{#- Percentiles, exact sums and whole numbers from JSON mean the same on every engine. -#}
with

numbers as (

    {{ numbers(4, 'number') }}

),

texts as (

    select
        '{"count": 3}' as properties,
        3 as expected
    union all
    select
        '{"count": 2, "count": 9}' as properties,
        2 as expected
    union all
    select
        '{"count": "-12"}' as properties,
        -12 as expected
    union all
    select
        '{"count": 9223372036854775807}' as properties,
        9223372036854775807 as expected
    union all
    -- What is no whole number is null, here shown as -1.
    select
        '{"count": 9223372036854775808}' as properties,
        -1 as expected
    union all
    select
        '{"count": 3.0}' as properties,
        -1 as expected
    union all
    select
        '{"count": true}' as properties,
        -1 as expected
    union all
    select
        '{"count": [3]}' as properties,
        -1 as expected
    union all
    select
        '{"other": 3}' as properties,
        -1 as expected
    union all
    select
        '{"count": 3' as properties,
        -1 as expected
    union all
    select
        '{"count": 3} and more' as properties,
        -1 as expected
    union all
    select
        '{"count": 3,}' as properties,
        -1 as expected
    union all
    select
        '{"count": 3, "team": [1, ]}' as properties,
        -1 as expected
    union all
    select
        '{"count": 3, "team": NaN}' as properties,
        -1 as expected
    union all
    select
        '{"count": 3, "team": "-Infinity, nan,}"}' as properties,
        3 as expected
    union all
    select
        'count 3' as properties,
        -1 as expected
    union all
    select
        '' as properties,
        -1 as expected
    union all
    select
        cast(null as {{ dbt.type_string() }}) as properties,
        -1 as expected

),

cases as (

    select
        'five numbers' as case_name,
        cast(count(*) as {{ engine_type('double') }}) as found,
        cast(5 as {{ engine_type('double') }}) as expected
    from numbers
    union all
    select
        'the median of an even count lies between' as case_name,
        {{ percentile('cast(number as ' ~ engine_type('double') ~ ')', 0.5) }} as found,
        cast(1.5 as {{ engine_type('double') }}) as expected
    from numbers
    where number < 4
    union all
    select
        'three quarters of five' as case_name,
        {{ percentile('cast(number as ' ~ engine_type('double') ~ ')', 0.75) }} as found,
        cast(3 as {{ engine_type('double') }}) as expected
    from numbers
    union all
    select
        'nine tenths of five' as case_name,
        cast({{ rounded(
            percentile('cast(number as ' ~ engine_type('double') ~ ')', 0.9), 9
        ) }} as {{ engine_type('double') }}) as found,
        cast(3.6 as {{ engine_type('double') }}) as expected
    from numbers
    union all
    select
        'a sum larger than a bigint, to the last digit' as case_name,
        case
            when
                cast({{ exact_sum('number + 9223372036854775800') }} as {{ dbt.type_string() }})
                = '46116860184273879010'
                then cast(1 as {{ engine_type('double') }})
        end as found,
        cast(1 as {{ engine_type('double') }}) as expected
    from numbers
    union all
    select
        'the noise of a difference is rounded away' as case_name,
        {{ rounded(
            "cast('0.405' as " ~ engine_type('double') ~ ") - cast('0.4' as " ~ engine_type('double') ~ ")",
            9
        ) }} as found,
        cast('0.005' as {{ engine_type('double') }}) as expected
    union all
    select
        'half a unit is rounded away from zero' as case_name,
        {{ rounded("cast('-0.5' as " ~ engine_type('double') ~ ")", 0) }} as found,
        cast(-1 as {{ engine_type('double') }}) as expected
    union all
    select
        properties as case_name,
        cast(
            coalesce({{ json_integer('properties', 'count') }}, -1) as {{ engine_type('double') }}
        ) as found,
        cast(expected as {{ engine_type('double') }}) as expected
    from texts

)

select *
from cases
where coalesce(found, expected - 1) <> expected
