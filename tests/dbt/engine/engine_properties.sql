{#- A filter on a property reads the same on every engine, and a literal holds any text. -#}
{%- set texts = [
    ('{"plan": "pro"}', 'pro'),
    (' {"a": {"plan": 1}, "plan": "pr\\u006f"} ', 'pro'),
    ('{"plan": "it\\\\"}', 'it\\'),
    ('{"plan": "5"}', '5'),
    ('{"plan": 5}', '5'),
    ('{"plan": -5}', '-5'),
    ('{"plan": true}', 'true'),
    ('{"plan": false}', 'false'),
    ('{"plan": " pro "}', ' pro '),
    ('{"plan": null}', none),
    ('{"Plan": "pro"}', none),
    ('{"a": {"plan": "pro"}}', none),
    ('{}', none),
    ('[{"plan": "pro"}]', none),
    ('"plan"', none),
    ('{"plan": "pro"', none),
    ('{"plan": "pro",}', none),
    ('plan: pro', none),
    ('', none),
] -%}
{%- set keys = ['is paid', 'a.b', '$source', 'prix é'] -%}
with

texts as (

    {% for text, expected in texts -%}
    select
        'plan' as property_key,
        {{ text_literal(text) }} as properties,
        {{ text_literal(expected)
            if expected is not none else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as expected
    union all
    {% endfor -%}
    {% for key in keys -%}
    select
        {{ text_literal(key) }} as property_key,
        {{ text_literal('{"a": {"b": "no"}, "' ~ key ~ '": "yes"}') }} as properties,
        'yes' as expected
    union all
    {% endfor -%}
    select
        'plan' as property_key,
        cast(null as {{ dbt.type_string() }}) as properties,
        cast(null as {{ dbt.type_string() }}) as expected

),

found_values as (

    select
        property_key,
        properties,
        expected,
        case property_key
            {%- for key in keys + ['plan'] %}
            when {{ text_literal(key) }} then {{ json_property('properties', key) }}
            {%- endfor %}
        end as found
    from texts

),

objects as (

    -- A list and an object exist; their text differs between engines.
    {% for text in ['{"plan": ["pro"]}', '{"plan": {}}', '{"plan": 1.5}', '{"plan": ""}'] -%}
    select {{ text_literal(text) }} as properties
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

literals as (

    {% for text, size in [
        ("it's", 4), ('a\\b', 3), ("\\'", 2), ('a\nb', 3), ('%|1|%', 5), ('{{ x }}', 7),
    ] -%}
    select
        {{ text_literal(text) }} as literal_text,
        {{ size }} as expected_length
    {{ 'union all' if not loop.last }}
    {% endfor -%}

)

select
    properties as case_name,
    found,
    expected
from found_values
where {{ is_distinct('found', 'expected') }}
union all
select
    properties as case_name,
    {{ json_property('properties', 'plan') }} as found,
    'any' as expected
from objects
where {{ json_property('properties', 'plan') }} is null
union all
select
    literal_text as case_name,
    cast(length(literal_text) as {{ dbt.type_string() }}) as found,
    cast(expected_length as {{ dbt.type_string() }}) as expected
from literals
where length(literal_text) <> expected_length
