{#- Text is read alike on every engine: ids, words, times, numbers, and the regular expressions. -#}
with

texts as (

    {% for kind, text, expected in [
        ('id', ' 17.0\u200b', '17'),
        ('id', '1.0e3', '1000'),
        ('id', '1.25e1', '1.25e1'),
        ('id', '-0.50e1', '-5'),
        ('id', '12345678901234567890123.0', '12345678901234567890123'),
        ('id', '1e3', '1e3'),
        ('id', '007', '007'),
        ('id', '\ufeffNULL', none),
        ('id', 'Null', 'Null'),
        ('id', '#N/A', none),
        ('id', '\u00a0\u2060\t', none),
        ('time', '2024-01-31', '2024-01-31 00:00:00'),
        ('time', '2024-2-1', '2024-02-01 00:00:00'),
        ('time', '2024-02-29T09:30:00.1234567Z', '2024-02-29 09:30:00.123456'),
        ('time', '2023-02-29', none),
        ('time', '2024-01-31 09:30+02:00', '2024-01-31 07:30:00'),
        ('time', '2024-01-31 09:30:00 Europe/Berlin', '2024-01-31 08:30:00'),
        ('time', '2024-01-31 09:30:00 UTC', '2024-01-31 09:30:00'),
        ('time', '20240131', '2024-01-31 00:00:00'),
        ('time', '1706693400', '2024-01-31 09:30:00'),
        ('time', '1706693400123', '2024-01-31 09:30:00.123'),
        ('time', '1706693400123456', '2024-01-31 09:30:00.123456'),
        ('time', '1970-01-01', none),
        ('time', '1989-12-31 23:59:59', none),
        ('time', '1990-01-01', '1990-01-01 00:00:00'),
        ('time', '31/01/2024', none),
        ('amount', '29.505', '29.51'),
        ('amount', '-2.9505E1', '-29.51'),
        ('amount', '9999999999999999.994', '9999999999999999.99'),
        ('amount', '9999999999999999.995', none),
        ('amount', '1e999', none),
        ('amount', '1e-999', '0.00'),
        ('amount', 'n/a', none),
        ('value', '2.5e-1', '0.25'),
        ('value', '1e-999', '0.00'),
        ('value', 'n/a', none),
    ] -%}
    select
        '{{ kind }}' as kind,
        '{{ text }}' as delivered,
        {{ "'" ~ expected ~ "'" if expected else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
            as expected
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

trimmed as (

    select
        kind,
        {{ trimmed_text('delivered') }} as delivered,
        expected
    from texts

),

prepared as (

    select
        kind,
        {{ without_point('delivered') }} as delivered,
        expected
    from trimmed

),

read_texts as (

    select
        kind,
        delivered,
        expected,
        {{ read_time('delivered') }} as time_read,
        {{ read_word('delivered') }} as word_read,
        cast({{ number_of_text('delivered', 'decimal(18, 2)') }} as {{ dbt.type_string() }})
            as amount_read,
        cast(
            case
                when kind = 'value'
                    then cast(
                        {{ read_value('delivered', 'text', 'value', 'double') }} as decimal(18, 2)
                    )
            end as {{ dbt.type_string() }}
        ) as value_read
    from prepared

),

cases as (

    select
        delivered as case_name,
        case
            when kind = 'time' and time_read = cast(expected as timestamp) then 1
            when kind = 'time' and time_read is null and expected is null then 1
            when kind = 'id' and word_read = expected then 1
            when kind = 'id' and word_read is null and expected is null then 1
            when kind = 'amount' and amount_read = expected then 1
            when kind = 'amount' and amount_read is null and expected is null then 1
            when kind = 'value' and value_read = expected then 1
            when kind = 'value' and value_read is null and expected is null then 1
            else 0
        end as found,
        1 as expected
    from read_texts
    union all
    select
        'the whole text matches' as case_name,
        case
            when
                {{ regex_matches("'ab'", 'a|ab') }}
                and not ({{ regex_matches("'abc'", 'a|ab') }})
                then 1
            else 0
        end as found,
        1 as expected
    union all
    select
        'a group' as case_name,
        case
            when
                {{ regex_group("'+02:30'", ':([0-9]+)') }} = '30'
                and coalesce({{ regex_group("'+02'", ':([0-9]+)') }}, '') = ''
                and {{ regex_rest("'0070'", '^0+') }} = '70'
                then 1
            else 0
        end as found,
        1 as expected

)

select *
from cases
where found <> expected
