{#- Names of events, keys of JSON and objects of columns mean the same on every engine. -#}
with

names as (

    {% for name, expected in [
        ('Signed Up', 'signed_up'),
        ('SignedUp', 'signed_up'),
        ('signed_up', 'signed_up'),
        ('APICallSuccess', 'api_call_success'),
        ('HTML5Upload', 'html5_upload'),
        ('3DView', '3_d_view'),
        ('iOSAppOpened', 'i_os_app_opened'),
        ('\u00dcberSignup', '\u00dcber_signup'),
        ('[Amplitude] Page Viewed', 'amplitude_page_viewed'),
        ('$pageview', 'vendor_pageview'),
        ('a$b', 'a_b'),
        ('__x__', 'x'),
        ('--', '--'),
    ] -%}
    select
        '{{ name }}' as event_name,
        '{{ expected }}' as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

documents as (

    select
        cast('{"a": {"b.c": [1, "x"]}, "text": "t", "number": 1.50, "nothing": null}' as {{ dbt.type_string() }})
            as document,
        cast(
            '[{"key": "b", "value": {"string_value": "x"}}, {"key": "a", "value": {"int_value": "1"}}, '
            || '{"key": "b", "value": {"string_value": "y"}}, {"key": "c", "value": {}}]'
            as {{ dbt.type_string() }}
        ) as parameters,
        cast('no JSON' as {{ dbt.type_string() }}) as broken,
        cast('a "quoted" {{ '\u00fc' }}' as {{ dbt.type_string() }}) as words,
        cast(7 as {{ dbt.type_int() }}) as number,
        cast(null as {{ dbt.type_string() }}) as nothing

),

found as (

    select
        event_name as case_name,
        {{ snake_case('event_name', 'vendor') }} as found,
        expected
    from names
    union all
    select
        'a key',
        {{ json_key('document', 'text', ['text']) }},
        't'
    from documents
    union all
    select
        'a key inside another one',
        replace({{ json_key('document', 'text', ['a', 'b.c']) }}, ' ', ''),
        '[1,"x"]'
    from documents
    union all
    select
        'no such key, a null, or no JSON',
        coalesce(
            {{ json_key('document', 'text', ['gone']) }},
            {{ json_key('document', 'text', ['nothing']) }},
            {{ json_key('broken', 'text', ['text']) }},
            'none'
        ),
        'none'
    from documents
    union all
    select
        'an object of columns',
        {{ json_object_of([
            {'key': 'words', 'sql': 'words', 'type': 'text'},
            {'key': 'Number', 'sql': 'number', 'type': 'integer'},
            {'key': 'a', 'sql': 'nothing', 'type': 'text'},
        ]) }},
        replace('{"Number": 7, "words": "a #"quoted#" {{ '\u00fc' }}"}', '#', chr(92))
    from documents
    union all
    select
        'each match of a pattern is replaced, by its groups',
        {{ regex_replace("cast('aB cD' as " ~ dbt.type_string() ~ ")", '([a-z])([A-Z])', '{2}_{1}') }},
        'B_a D_c'
    from documents
    union all
    select
        'a list of parameters: of each key the first',
        {{ json_of_parameters('parameters') }},
        '{"a": 1, "b": "x"}'
    from documents
    union all
    select
        'no list of parameters',
        coalesce({{ json_of_parameters('broken') }}, 'none'),
        'none'
    from documents
    union all
    select
        'no column with a value',
        coalesce({{ json_object_of([{'key': 'a', 'sql': 'nothing', 'type': 'text'}]) }}, 'none'),
        'none'
    from documents

)

select *
from found
where found <> expected or found is null
