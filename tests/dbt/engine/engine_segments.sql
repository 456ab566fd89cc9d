{#- Numbers are compared as decimals, however they are written; names of columns may be any. -#}
{%- set ascending = [
    '-1e4000000000', '-12', '-1.25', '-1.2000000000000000000000000000000000000001', '-1.2', '-.5', '-1e-9',
    '0', '1e-30', '0.0009', '1e-3', '.5', '0.9999999999999999999999999999999999999999999', '1', '1.5', '11',
    '11.00000000000000000000000000000000000001', '1e2', '12345678901234567890123456789012345678901', '1e4000000000',
] -%}
{%- set equal = [
    ('0', '-0.00'), ('1', '+1.'), ('1', '10e-1'), ('1', '0001.000'), ('100', '1E+0002'), ('0.5', '.5'),
    ('-2.50', '-25e-1'), ('0', '0e5'),
] -%}
{%- set no_numbers = ['', '.', '1e', 'e1', '1,000', '5 seats', 'NaN', 'infinity', '1 ', '0x1',
    '1e1.5', '--1'] -%}
with

ordered as (

    {% for number in ascending -%}
    select
        {{ loop.index }} as place,
        {{ number_key("'" ~ number ~ "'") }} as number_key
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

cases as (

    select
        'an order' as case_name,
        case when smaller.number_key < larger.number_key then 1 else 0 end as found,
        1 as expected
    from ordered as smaller
    inner join ordered as larger on smaller.place < larger.place
    {% for one, other in equal -%}
    union all
    select
        '{{ one }} is {{ other }}' as case_name,
        case
            when {{ number_key("'" ~ one ~ "'") }} = {{ number_key("'" ~ other ~ "'") }} then 1
            else 0
        end as found,
        1 as expected
    {% endfor -%}
    {% for text in no_numbers -%}
    union all
    select
        '{{ text }} is no number' as case_name,
        case when {{ number_key("'" ~ text ~ "'") }} is null then 1 else 0 end as found,
        1 as expected
    {% endfor -%}
    union all
    select
        'a quoted column' as case_name,
        {{ quoted_column('place') }} as found,
        1 as expected
    from ordered
    where place = 1

)

select *
from cases
where found <> expected
