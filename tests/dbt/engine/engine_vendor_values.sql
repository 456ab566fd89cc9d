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
        cast(
            '{"a": {"b.c": [1, "x"]}, "text": "t", "number": 1.50, "nothing": null}'
            as {{ dbt.type_string() }}
        ) as json_text,
        cast(
            '[{"key": "b", "value": {"string_value": "x"}}, '
            || '{"key": "a", "value": {"int_value": "1"}}, '
            || '{"key": "b", "value": {"string_value": "y"}}, {"key": "c", "value": {}}]'
            as {{ dbt.type_string() }}
        ) as parameter_list,
        cast('no JSON' as {{ dbt.type_string() }}) as broken,
        cast('a "quoted" {{ '\u00fc' }}' as {{ dbt.type_string() }}) as quoted_words,
        cast(7 as {{ dbt.type_int() }}) as seven,
        cast(null as {{ dbt.type_string() }}) as no_value

),

found as (

    select
        event_name as case_name,
        {{ snake_case('event_name', 'vendor') }} as found,
        expected
    from names
    union all
    select
        'a key' as case_name,
        {{ json_key('json_text', 'text', ['text']) }} as found,
        't' as expected
    from documents
    union all
    select
        'a key inside another one' as case_name,
        replace({{ json_key('json_text', 'text', ['a', 'b.c']) }}, ' ', '') as found,
        '[1,"x"]' as expected
    from documents
    union all
    select
        'no such key, a null, or no JSON' as case_name,
        coalesce(
            {{ json_key('json_text', 'text', ['gone']) }},
            {{ json_key('json_text', 'text', ['nothing']) }},
            {{ json_key('broken', 'text', ['text']) }},
            'none'
        ) as found,
        'none' as expected
    from documents
    union all
    select
        'an object of columns' as case_name,
        {{ json_object_of([
            {'key': 'words', 'sql': 'quoted_words', 'type': 'text'},
            {'key': 'Number', 'sql': 'seven', 'type': 'integer'},
            {'key': 'a', 'sql': 'no_value', 'type': 'text'},
        ]) }} as found,
        replace('{"Number": 7, "words": "a #"quoted#" {{ '\u00fc' }}"}', '#', chr(92)) as expected
    from documents
    union all
    select
        'each match of a pattern is replaced, by its groups' as case_name,
        {{ regex_replace(
            "cast('aB cD' as " ~ dbt.type_string() ~ ")", '([a-z])([A-Z])', '{2}_{1}'
        ) }} as found,
        'B_a D_c' as expected
    from documents
    union all
    select
        'a list of parameters: of each key the first' as case_name,
        {{ json_of_parameters('parameter_list') }} as found,
        '{"a": 1, "b": "x"}' as expected
    from documents
    union all
    select
        'no list of parameters' as case_name,
        coalesce({{ json_of_parameters('broken') }}, 'none') as found,
        'none' as expected
    from documents
    union all
    select
        'no column with a value' as case_name,
        coalesce(
            {{ json_object_of([{'key': 'a', 'sql': 'no_value', 'type': 'text'}]) }}, 'none'
        ) as found,
        'none' as expected
    from documents

)

select *
from found
where found <> expected or found is null
