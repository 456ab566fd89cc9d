{#- A sum of doubles is the same in every order of the rows.
    Added one after the other as doubles, 1e15, 0.3 and -1e15 give 0.25, 0.375 or 0.3. -#}
{%- set double = engine_type('double') -%}
{%- set numbers = {'large': '1e15', 'small': '0.3', 'opposite': '-1e15'} -%}
with

orders as (

    {% for names in [
        'large, small, opposite', 'opposite, small, large', 'small, opposite, large'
    ] -%}
    {%- set is_last = loop.last -%}
    {%- for name in names.split(', ') %}
    select
        '{{ names }}' as order_name,
        cast('{{ numbers[name] }}' as {{ double }}) as number
    {% if not (is_last and loop.last) %}union all{% endif %}
    {%- endfor %}
    {%- endfor %}

),

sums as (

    select
        order_name,
        {{ stable_sum('number') }} as found
    from orders
    group by order_name

)

select *
from sums
where found is null or found <> cast('0.3' as {{ double }})
