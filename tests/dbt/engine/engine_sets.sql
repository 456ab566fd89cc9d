{#- Fingerprints, hashes and spines of dates mean the same on every engine. -#}
with

spans as (

    select
        cast('2024-02-26' as date) as first_date,
        cast('2024-03-12' as date) as last_date,
        cast('2024-02-25' as date) as date_before

),

days as (

    {{ dates_between('spans', 'first_date', 'last_date', 'spine_date') }}

),

weeks as (

    {{ dates_between('spans', 'first_date', 'last_date', 'spine_date', 7) }}

),

no_days as (

    {{ dates_between('spans', 'first_date', 'date_before', 'spine_date') }}

),

texts as (

    select 'b' as item
    union all
    select 'a' as item

),

more_texts as (

    select item
    from texts
    union all
    select 'c' as item

),

pairs as (

    select
        'a' as left_text,
        'a' as right_text
    union all
    select
        cast(null as {{ dbt.type_string() }}) as left_text,
        cast(null as {{ dbt.type_string() }}) as right_text
    union all
    select
        'a' as left_text,
        cast(null as {{ dbt.type_string() }}) as right_text
    union all
    select
        'a' as left_text,
        'b' as right_text

),

distinct_texts as (

    select item
    from texts
    {{ union_distinct() }}
    select item
    from more_texts

),

numbers as (

    {{ numbers(999, 'number') }}

),

hashed_numbers as (

    select
        number,
        cast(number as {{ dbt.type_string() }}) as number_text,
        {{ hash_of('cast(number as ' ~ dbt.type_string() ~ ')') }} as hash_value
    from numbers

),

halves as (

    select number_text
    from hashed_numbers
    where number >= 500
    union all
    select number_text
    from hashed_numbers
    where number < 500

),

hashes_twice as (

    select hash_value
    from hashed_numbers
    union all
    select hash_value
    from hashed_numbers

),

neighbours as (

    select
        hash_value,
        lag(hash_value) over ({{ partition_by_bucket('hash_value') }} order by hash_value)
            as hash_value_before
    from hashes_twice

),

cases as (

    select
        'days, both ends included' as case_name,
        count(distinct spine_date) as found,
        16 as expected
    from days
    union all
    select
        'weeks, up to the last that fits' as case_name,
        count(case when spine_date <= cast('2024-03-11' as date) then 1 end) as found,
        3 as expected
    from weeks
    union all
    select
        'no date where the last is before the first' as case_name,
        count(*) as found,
        0 as expected
    from no_days
    union all
    select
        'the fingerprint of the same texts in another order' as case_name,
        count(distinct fingerprint) as found,
        1 as expected
    from (
        select {{ fingerprint('number_text') }} as fingerprint
        from hashed_numbers
        union all
        select {{ fingerprint('number_text') }} as fingerprint
        from halves
    ) as fingerprints
    union all
    select
        'the fingerprint of more texts, and of none' as case_name,
        count(distinct fingerprint) as found,
        2 as expected
    from (
        select {{ fingerprint('item') }} as fingerprint
        from texts
        union all
        select {{ fingerprint('item') }} as fingerprint
        from more_texts
        union all
        select {{ fingerprint('item') }} as fingerprint
        from texts
        where item > 'c'
    ) as fingerprints
    union all
    select
        'a thousand texts, as many hashes' as case_name,
        count(distinct hash_value) as found,
        1000 as expected
    from hashed_numbers
    union all
    select
        'the same text, the same hash' as case_name,
        count(distinct {{ hash_of("concat('a', 'b')") }}) as found,
        1 as expected
    from hashed_numbers
    union all
    select
        'columns are hashed each by itself' as case_name,
        count(
            case
                when {{ hash_of_all(["'a b'", "'c'"]) }} <> {{ hash_of_all(["'a'", "'b c'"]) }}
                    then 1
            end
        )
            as found,
        4 as expected
    from pairs
    union all
    select
        'texts and a number, as one text' as case_name,
        count(
            case when {{ join_texts(["'a'", "' '", "length('bc')", "' #'"]) }} = 'a 2 #' then 1 end
        )
            as found,
        4 as expected
    from pairs
    union all
    select
        'null is distinct from a text, and not from null' as case_name,
        count(*) as found,
        2 as expected
    from pairs
    where {{ is_distinct('left_text', 'right_text') }}
    union all
    select
        'a union of texts has each once' as case_name,
        count(*) as found,
        3 as expected
    from distinct_texts
    union all
    select
        'the version of the hashes is known' as case_name,
        count({{ hash_version() }}) as found,
        1 as expected
    from spans
    union all
    select
        'a hash that stands twice is its own neighbour' as case_name,
        count(case when hash_value = hash_value_before then 1 end) as found,
        1000 as expected
    from neighbours

)

select *
from cases
where coalesce(found, -1) <> expected
