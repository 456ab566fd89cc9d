{#- How a delivered value is read, the same from every form of file and from a warehouse's tables:
    docs/data.md says the rules. plg/reading.py loads this file and regular_expressions.sql, to write the
    views of raw files: so they use adapter.dispatch and each other, and nothing else of dbt.

    In all of them
    value: an SQL expression; text that has been through trimmed_text and prepared_text, each in a select
        of its own: they repeat it many times.
    type: its type, as the engine names it. -#}

{#- Text without what is invisible at its ends: tab, line ends, blanks, zero-width characters. -#}
{% macro trimmed_text(text) -%}
    {{- adapter.dispatch('trimmed_text')(text) -}}
{%- endmacro %}

{#- A number with a point whose value is whole, without its point: 17.0 is 17, of any length. Other text
    stays. Ids and times need it. A time may also have an exponent alone: 16e8; as an id this is text. -#}
{% macro without_point(text, exponent_alone=false) -%}
    {%- set exponent = '[eE][+-]?0*[0-9]{1,3}' -%}
    {%- set number = '([0-9]+[.][0-9]*|[.][0-9]+)(' ~ exponent ~ ')?' -%}
    {%- set number = '(' ~ number ~ '|[0-9]+' ~ exponent ~ ')' if exponent_alone else number -%}
    case
        {{ adapter.dispatch('text_without_point')(text, exponent_alone) }}
        when {{ regex_matches(text, '[+-]?' ~ number) }}
            then coalesce({{ whole_number(text) }}, {{ text }})
        else {{ text }}
    end
{%- endmacro %}

{#- Where looking first is cheaper: a `when` for text that is no such number for sure. -#}
{% macro default__text_without_point(text, exponent_alone) -%}
{%- endmacro %}

{#- Trimmed text of a column of the register of inputs, ready to be read: without_point where it needs it. -#}
{% macro prepared_text(text, column, data_type) -%}
    {%- if data_type in ('timestamp', 'date') or column.endswith('_id') or column == 'invited_by' -%}
        {{ without_point(text, exponent_alone=data_type in ('timestamp', 'date')) }}
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}

{#- The value as text. Empty is null. -#}
{% macro read_text(value, type='text') -%}
    nullif({{ text_of(value, type) }}, '')
{%- endmacro %}

{#- Likewise; the words with which tools write a null are null, too. -#}
{% macro read_word(value, type='text') -%}
    {%- if value_kind(type) | trim in ('text', 'nested', 'other') -%}
        {{ adapter.dispatch('no_null_word')(text_of(value, type)) }}
    {%- else -%}
        {{ text_of(value, type) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__no_null_word(text) -%}
    case when {{ text }} not in ({{ null_words() }}) then {{ text }} end
{%- endmacro %}

{#- The value as a timestamp in UTC; null where it is no time, or one before 1990. -#}
{% macro read_time(value, type='text') -%}
    {%- set kind = value_kind(type) | trim -%}
    {%- if kind in ('date', 'timestamp', 'instant') -%}
        {{ time_in_bounds(adapter.dispatch('native_time')(value, type, kind)) }}
    {%- else -%}
        {{ adapter.dispatch('time_of_text')(text_of(value, type)) }}
    {%- endif -%}
{%- endmacro %}

{#- Before 1990 a time means that there was none. -#}
{% macro time_in_bounds(time) -%}
    case
        when
            {{ time }} between cast('1990-01-01 00:00:00' as timestamp)
            and cast('9999-12-31 23:59:59.999999' as timestamp)
            then {{ time }}
    end
{%- endmacro %}

{#- The value in a type of the register of inputs.

    column: its name; words for a null are just words in an event's name and its properties.
    data_type: string, timestamp, date or a type of numbers. -#}
{% macro read_value(value, type, column, data_type) -%}
    {%- if data_type == 'timestamp' -%}
        {{ read_time(value, type) }}
    {%- elif data_type == 'date' -%}
        cast({{ read_time(value, type) }} as date)
    {%- elif data_type != 'string' -%}
        {{ adapter.dispatch('number_or_null')(text_of(value, type), data_type) }}
    {%- elif column.endswith(('event_name', 'properties')) and column != 'raw_event_name' -%}
        {{ read_text(value, type) }}
    {%- else -%}
        {{ read_word(value, type) }}
    {%- endif -%}
{%- endmacro %}

{#- A query that reads values, in three selects, so that none repeats the one before it.

    values: what to read, each with column, sql (its source), type and data_type; with name, if the
        column is quoted.
    source: what the query reads from.
    beside: SQL of further columns, by their names. -#}
{% macro read_rows(values, source, beside) -%}
    {%- set trimmed, prepared, read = [], [], [] -%}
    {%- for name, sql in beside.items() -%}
        {%- set _ = [trimmed.append(sql ~ ' as ' ~ raw_column(name)), prepared.append(raw_column(name)),
            read.append(raw_column(name))] -%}
    {%- endfor -%}
    {%- for value in values -%}
        {%- set name = value.name or raw_column(value.column) -%}
        {%- set is_text = value_kind(value.type) | trim == 'text' -%}
        {%- set delivered = trimmed_text(value.sql) if is_text else value.sql -%}
        {%- set ready = prepared_text(name, value.column, value.data_type) if is_text else name -%}
        {%- set found = read_value(name, value.type, value.column, value.data_type) -%}
        {%- set _ = [trimmed.append(delivered ~ ' as ' ~ name), prepared.append(ready ~ ' as ' ~ name),
            read.append(found ~ ' as ' ~ name)] -%}
    {%- endfor -%}
    select {{ read | join(', ') }}
    from (
        select {{ prepared | join(', ') }}
        from (select {{ trimmed | join(', ') }} from {{ source }}) as trimmed
    ) as prepared
{%- endmacro %}

{% macro null_words() -%}
    '', 'NULL', 'null', 'None', 'NaN', 'nan', 'N/A', '#N/A', {{ adapter.dispatch('null_of_unload')() }}
{%- endmacro %}

{% macro default__null_of_unload() -%}
    '\N'
{%- endmacro %}

{#- A backslash in text is written twice. -#}
{% macro spark__null_of_unload() -%}
    '\\N'
{%- endmacro %}

{% macro snowflake__null_of_unload() -%}
    '\\N'
{%- endmacro %}

{% macro bigquery__null_of_unload() -%}
    '\\N'
{%- endmacro %}

{#- The kind of values in a type: text, integer, boolean, float, decimal, date, timestamp (without a
    zone), instant, nested, other. -#}
{% macro value_kind(type) -%}
    {%- set type = type | lower -%}
    {%- if type.startswith(('struct', 'map', 'union', 'array', 'record', 'row', 'object', 'variant', 'super', 'json'))
        or type.endswith(']') -%}
        nested
    {%- elif type.startswith(('float', 'double', 'real')) -%}
        float
    {%- elif type.startswith(('decimal', 'numeric', 'number', 'bignumeric', 'bigdecimal')) -%}
        decimal
    {%- elif type == 'date' -%}
        date
    {%- elif type.startswith(('timestamp', 'datetime')) -%}
        {{ adapter.dispatch('kind_of_timestamp')(type) }}
    {%- elif type.startswith(('varchar', 'text', 'string', 'char', 'nchar', 'nvarchar', 'bpchar', 'enum', 'null')) -%}
        text
    {%- elif type.startswith('bool') -%}
        boolean
    {%- elif 'int' in type and not type.startswith(('interval', 'point')) -%}
        integer
    {%- else -%}
        other
    {%- endif -%}
{%- endmacro %}

{% macro default__kind_of_timestamp(type) -%}
    {{- 'instant' if 'tz' in type and 'ntz' not in type or 'with time zone' in type or 'ltz' in type else 'timestamp' -}}
{%- endmacro %}

{#- Its timestamp is an instant, as the project's own. -#}
{% macro bigquery__kind_of_timestamp(type) -%}
    {{- 'timestamp' if type == 'datetime' else 'instant' -}}
{%- endmacro %}

{% macro text_of(value, type) -%}
    {%- if value_kind(type) | trim == 'text' -%}
        {{ value }}
    {%- else -%}
        {{ adapter.dispatch('native_text')(value, value_kind(type) | trim) }}
    {%- endif -%}
{%- endmacro %}

{#- The text of a number whose value is whole, without point and exponent; null where it is not whole. The
    digits before the point are as many as are written there, plus the exponent; the others have to be 0. -#}
{% macro whole_number(text) -%}
    {%- set before = "coalesce(" ~ regex_group(text, '^[+-]?([0-9]*)') ~ ", '')" -%}
    {%- set behind = "coalesce(" ~ regex_group(text, '[.]([0-9]*)') ~ ", '')" -%}
    {%- set exponent = "cast(coalesce(nullif(" ~ regex_group(text, '[eE][+]?(-?[0-9]+)$') ~ ", ''), '0') as integer)" -%}
    {%- set digits = 'concat(' ~ before ~ ', ' ~ behind ~ ')' -%}
    {%- set place = 'cast(greatest(length(' ~ before ~ ') + ' ~ exponent ~ ', 0) as integer)' -%}
    {%- set whole = regex_rest('rpad(' ~ digits ~ ', ' ~ place ~ ", '0')", '^0+') -%}
    case
        when {{ regex_matches('substr(' ~ digits ~ ', ' ~ place ~ ' + 1)', '0*') }}
            then
                case
                    when {{ whole }} = '' then '0'
                    when substr({{ text }}, 1, 1) = '-' then concat('-', {{ whole }})
                    else {{ whole }}
                end
    end
{%- endmacro %}

{#- A date that exists, from 1990 to 9999; with an offset, 1989-12-31 may be one of 1990.

    separator: between year, month and day.
    zero: 0 where months and days have two digits; 0? where they may have one. -#}
{% macro date_pattern(separator, zero) -%}
    {%- set year = '(199[0-9]|[2-9][0-9]{3})' ~ separator -%}
    {%- set leap_year = '((199[26]|[2-9][0-9]([2468][048]|0[48]|[13579][26]))|([2468][048]|[3579][26])00)' ~ separator -%}
    {%- set day = '(' ~ zero ~ '[1-9]|1[0-9]|2[0-8]' -%}
    {{- '(' ~ year ~ '((' ~ zero ~ '[13578]|1[02])' ~ separator ~ day ~ '|29|30|31)'
        ~ '|(' ~ zero ~ '[469]|11)' ~ separator ~ day ~ '|29|30)'
        ~ '|' ~ zero ~ '2' ~ separator ~ day ~ '))'
        ~ '|' ~ leap_year ~ zero ~ '2' ~ separator ~ '29)' -}}
{%- endmacro %}

{#- A time behind a date: hours and minutes, and what may come with them. -#}
{% macro clock_pattern() -%}
    [T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?
{%- endmacro %}

{#- What the world's clocks have: offsets from UTC up to 14 hours, and the names of the IANA's zones. -#}
{% macro offset_pattern() -%}
    [+-](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+-]14(:?00)?
{%- endmacro %}

{% macro zone_pattern() -%}
    (US|[A-Z][a-z]+)/[A-Z][A-Za-z0-9_+-]+(/[A-Z][A-Za-z_]+)?|CET|CST6CDT|Cuba|EET|EST|EST5EDT|Egypt|Eire|GB|
    {{- 'GB-Eire|GMT|GMT[+-]?0|Greenwich|HST|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST|' -}}
    MST7MDT|NZ|NZ-CHAT|Navajo|PRC|PST8PDT|Poland|Portugal|ROC|ROK|Singapore|Turkey|UCT|Universal|W-SU|WET|Zulu
{%- endmacro %}

{% macro default__time_of_text(text) -%}
    {%- set date = '(' ~ date_pattern('-', '0?') ~ '|1989-12-31)' -%}
    {%- set zones = ' ?(Z|' ~ offset_pattern() ~ ')| (UTC|' ~ zone_pattern() ~ ')' -%}
    {%- set clock = "coalesce(" ~ regex_group(text, '[T ]([0-9:]+)') ~ ", '')" -%}
    {%- set fraction = "substr(concat(coalesce(" ~ regex_group(text, '[.]([0-9]+)') ~ ", ''), '000000'), 1, 6)" -%}
    {%- set local = "concat(" ~ regex_group(text, '^([0-9-]+)') ~ ", concat(' ', concat(" ~ clock
        ~ ", concat(substr('00:00:00.', length(" ~ clock ~ ') + 1), ' ~ fraction ~ '))))' -%}
    {%- set zone = regex_rest(text, '^[0-9-]+([T ][0-9:]+([.][0-9]+)?)? ?') -%}
    case
        when {{ regex_matches(text, date ~ '(' ~ clock_pattern() ~ '(' ~ zones ~ ')?)?') }}
            then
                case
                    when {{ zone }} in ('', 'Z', 'UTC')
                        then {{ time_in_bounds(adapter.dispatch('timestamp_of')(local)) }}
                    when substr({{ zone }}, 1, 1) in ('+', '-')
                        then
                            {{ time_in_bounds(
                                adapter.dispatch('minus_offset')(adapter.dispatch('timestamp_of')(local), zone)
                            ) }}
                    else {{ time_in_bounds(adapter.dispatch('time_in_zone')(local, zone)) }}
                end
        when {{ regex_matches(text, date_pattern('', '0')) }}
            then
                {{ adapter.dispatch('timestamp_of')("concat(substr(" ~ text ~ ", 1, 4), concat('-', concat(substr("
                    ~ text ~ ", 5, 2), concat('-', concat(substr(" ~ text ~ ", 7, 2), ' 00:00:00')))))") }}
        when {{ regex_matches(text, '0*[0-9]{1,18}') }}
            then {{ time_of_number('cast(' ~ text ~ ' as ' ~ adapter.dispatch('bigint')() ~ ')') }}
    end
{%- endmacro %}

{#- A number since 1970: of seconds, milliseconds or microseconds, by its size; from 1990 to 9999. -#}
{% macro time_of_number(number) -%}
    case
        when {{ number }} between 631152000 and 99999999999
            then {{ adapter.dispatch('time_of_microseconds')(number ~ ' * 1000000') }}
        when {{ number }} between 631152000000 and 99999999999999
            then {{ adapter.dispatch('time_of_microseconds')(number ~ ' * 1000') }}
        when {{ number }} between 631152000000000 and 253402300799999999
            then {{ adapter.dispatch('time_of_microseconds')(number) }}
    end
{%- endmacro %}

{% macro default__bigint() -%}
    bigint
{%- endmacro %}

{% macro bigquery__bigint() -%}
    int64
{%- endmacro %}

{#- The minutes of an offset such as +02:00, +0200 or -03; behind its sign. -#}
{% macro offset_minutes(zone) -%}
    {%- set digits = "replace(substr(" ~ zone ~ ", 2), ':', '')" -%}
    (cast(substr({{ digits }}, 1, 2) as integer) * 60 + cast(concat('0', substr({{ digits }}, 3, 2)) as integer))
    * case when substr({{ zone }}, 1, 1) = '-' then -1 else 1 end
{%- endmacro %}

{#- Text as a number, rounded half away from zero; null where it is none.

    type: a type of decimals. -#}
{% macro number_of_text(text, type) -%}
    case
        when {{ regex_matches(text, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?0*[0-9]{1,3})?') }}
            then {{ adapter.dispatch('number_or_null')(text, type) }}
    end
{%- endmacro %}
