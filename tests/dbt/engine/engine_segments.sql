{#- Numbers are compared as decimals, however they are written; names of columns may be any. -#}
{%- set ascending = [
    '-1e4000000000', '-12', '-1.25', '-1.2000000000000000000000000000000000000001', '-1.2', '-.5',
    '-1e-9', '0', '1e-30', '0.0009', '1e-3', '.5', '0.9999999999999999999999999999999999999999999', '1',
    '1.5', '11', '11.00000000000000000000000000000000000001', '1e2',
    '12345678901234567890123456789012345678901', '1e4000000000',
] -%}
{%- set equal = [
    ('0', '-0.00'), ('1', '+1.'), ('1', '10e-1'), ('1', '0001.000'), ('100', '1E+0002'), ('0.5', '.5'),
    ('-2.50', '-25e-1'), ('0', '0e5'),
] -%}
{%- set no_numbers = [
    '', '.', '1e', 'e1', '1,000', '5 seats', 'NaN', 'infinity', '1 ', '0x1', '1e1.5', '--1',
] -%}
with

texts as (

    {% for text in ascending -%}
    select
        'an order' as kind,
        {{ loop.index }} as place,
        '{{ text }}' as number_text
    union all
    {% endfor -%}
    {% for pair in equal -%}
    {% set pair_number = loop.index -%}
    {% for text in pair -%}
    select
        'equal' as kind,
        {{ pair_number }} as place,
        '{{ text }}' as number_text
    union all
    {% endfor -%}
    {% endfor -%}
    {% for text in no_numbers -%}
    select
        'no number' as kind,
        {{ loop.index }} as place,
        '{{ text }}' as number_text
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbers as (

    select
        kind,
        place,
        number_text,
        {{ number_key('number_text') }} as number_key
    from texts

),

cases as (

    select
        {{ dbt.concat(['smaller.number_text', "' is smaller than '", 'larger.number_text']) }}
            as case_name,
        case when smaller.number_key < larger.number_key then 1 else 0 end as found,
        1 as expected
    from numbers as smaller
    inner join numbers as larger
        on smaller.kind = larger.kind and smaller.place < larger.place
    where smaller.kind = 'an order'
    union all
    select
        {{ dbt.concat(['one.number_text', "' is '", 'other.number_text']) }} as case_name,
        case when one.number_key = other.number_key then 1 else 0 end as found,
        1 as expected
    from numbers as one
    inner join numbers as other on one.kind = other.kind and one.place = other.place
    where one.kind = 'equal'
    union all
    select
        {{ dbt.concat(['number_text', "' is no number'"]) }} as case_name,
        case when number_key is null then 1 else 0 end as found,
        1 as expected
    from numbers
    where kind = 'no number'
    union all
    select
        'a quoted column' as case_name,
        {{ quoted_column('place') }} as found,
        1 as expected
    from numbers
    where kind = 'an order' and place = 1

)

select *
from cases
where found <> expected
