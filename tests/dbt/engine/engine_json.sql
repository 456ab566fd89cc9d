{#- What a JSON object is means the same on every engine. -#}
with

texts as (

    {% for text, expected in [
        ('{}', 1),
        (' {"a": 1} ', 1),
        ('{"a": {"b": [1, 2.5e3, true, null, "x"]}}', 1),
        ('{"text": "NaN, ], Infinity"}', 1),
        ('[]', 0),
        ('[{"a": 1}]', 0),
        ('3', 0),
        ('"{}"', 0),
        ('null', 0),
        ('count: 3', 0),
        ('{"a": 1', 0),
        ('{"a": 1} {}', 0),
        ('{"a": 1,}', 0),
        ('{"a": NaN}', 0),
        ("{'a': 1}", 0),
        ('{"a": True}', 0),
        ('{a: 1}', 0),
        ('', 0),
    ] -%}
    select
        '{{ dbt.escape_single_quotes(text) }}' as properties,
        {{ expected }} as expected
    union all
    {% endfor -%}
    select
        cast(null as {{ dbt.type_string() }}) as properties,
        -1 as expected

),

cases as (

    select
        properties as case_name,
        case
            when {{ is_json_object('properties') }} then 1
            when not ({{ is_json_object('properties') }}) then 0
            else -1
        end as found,
        expected
    from texts

)

select *
from cases
where found <> expected
