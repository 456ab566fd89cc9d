{#- What reading a value (read_values.sql) does otherwise on each engine:

    trimmed_text(text)           text without blanks and invisible characters at its ends
    text_without_point(text, exponent_alone)  a quick look before the regular expression of without_point
    no_null_word(text)           text, null where it is a word for a null
    native_text(value, kind)     a value of another type as text
    native_time(value, type, kind)  a date, timestamp or instant as a timestamp in UTC
    timestamp_of(text)           text such as 2024-01-31 09:30:00.5, which is a time that exists
    minus_offset(time, zone)     a timestamp less an offset such as +02:00
    time_in_zone(text, zone)     such a text in a zone of the IANA; of two instants the later one
    time_of_microseconds(number) since 1970
    number_or_null(text, type)   -#}

{#- DuckDB. trim is slow, and most text needs none: a character that is seen stands at both ends. -#}
{% macro duckdb__trimmed_text(text) -%}
    case
        when {{ text }} > '!' and {{ text }} < chr(127) and {{ text }}[-1] between '!' and '~' then {{ text }}
        else
            trim(
                {{ text }},
                concat(
                    chr(9), chr(10), chr(13), ' ', chr(160), chr(8203), chr(8239), chr(8288), chr(65279)
                )
            )
    end
{%- endmacro %}

{#- An id without a point, and a time with a clock. -#}
{% macro duckdb__text_without_point(text, exponent_alone) -%}
    when {{ "" if exponent_alone else "not " }}contains({{ text }}, '{{ ":" if exponent_alone else "." }}') then {{ text }}
{%- endmacro %}

{#- It makes a join of a list, and runs it also where the column is not needed. No word has more than four
    characters. -#}
{% macro duckdb__no_null_word(text) -%}
    case
        when strlen({{ text }}) > 4 then {{ text }}
        when
            {% for word in null_words().split(', ') -%}
            {{ text }} <> {{ word }}{{ ' and ' if not loop.last }}
            {%- endfor %}
            then {{ text }}
    end
{%- endmacro %}

{#- Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table. -#}
{% macro duckdb__native_text(value, kind) -%}
    {%- if kind == 'nested' -%}
        cast(to_json({{ value }}) as varchar)
    {%- elif kind in ('float', 'decimal') -%}
        case
            when isfinite({{ value }})
                then
                    coalesce(
                        cast(
                            case when {{ value }} = trunc({{ value }}) then try_cast({{ value }} as hugeint) end
                            as varchar
                        ),
                        cast({{ value }} as varchar)
                    )
        end
    {%- else -%}
        cast({{ value }} as varchar)
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__native_time(value, type, kind) -%}
    {%- if type | upper in ('TIMESTAMP_NS', 'TIMESTAMPTZ_NS') -%}
        {#- A cast would round up. -#}
        make_timestamp(epoch_ns({{ value }}) // 1000)
    {%- elif kind == 'instant' -%}
        timezone('UTC', {{ value }})
    {%- else -%}
        try_cast({{ value }} as timestamp)
    {%- endif -%}
{%- endmacro %}

{#- Most times are in UTC, and its cast reads them. -#}
{% macro duckdb__time_of_text(text) -%}
    case
        when {{ regex_matches(text, date_pattern('-', '0?') ~ '(' ~ clock_pattern() ~ '( ?Z| UTC)?)?') }}
            then try_cast({{ text }} as timestamp)
        else {{ default__time_of_text(text) }}
    end
{%- endmacro %}

{% macro duckdb__timestamp_of(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro duckdb__minus_offset(time, zone) -%}
    ({{ time }} - to_minutes({{ offset_minutes(zone) }}))
{%- endmacro %}

{% macro duckdb__time_in_zone(text, zone) -%}
    timezone('UTC', try_cast(concat({{ text }}, ' ', {{ zone }}) as timestamptz))
{%- endmacro %}

{% macro duckdb__time_of_microseconds(number) -%}
    make_timestamp({{ number }})
{%- endmacro %}

{% macro duckdb__number_or_null(text, type) -%}
    try_cast({{ text }} as {{ type }})
{%- endmacro %}

{#- Apache Spark, in UTC. -#}
{% macro spark__trimmed_text(text) -%}
    trim(both '\t\n\r \u00a0\u200b\u202f\u2060\ufeff' from {{ text }})
{%- endmacro %}

{% macro spark__native_text(value, kind) -%}
    {%- set number = 'try_cast(' ~ value ~ ' as decimal(38, 0))' -%}
    {%- set text = 'case when ' ~ number ~ ' = ' ~ value ~ ' then cast(' ~ number ~ ' as string) '
        ~ 'else cast(' ~ value ~ ' as string) end' -%}
    {%- if kind == 'nested' -%}
        to_json({{ value }}, map('ignoreNullFields', 'false'))
    {%- elif kind == 'decimal' -%}
        {#- By its text: two decimals of other scales are compared after rounding, where 38 digits are too few. -#}
        regexp_replace(cast({{ value }} as string), '^(-?[0-9]+)[.]0*$', '$1')
    {%- elif kind == 'float' -%}
        case when not isnan({{ value }}) and abs({{ value }}) < double('infinity') then {{ text }} end
    {%- else -%}
        cast({{ value }} as string)
    {%- endif -%}
{%- endmacro %}

{% macro spark__native_time(value, type, kind) -%}
    {%- if type | upper in ('TIMESTAMP_NS', 'TIMESTAMPTZ_NS') -%}
        timestamp_micros(cast(floor({{ value }} / 1000BD) as bigint))
    {%- else -%}
        cast({{ value }} as timestamp)
    {%- endif -%}
{%- endmacro %}

{% macro spark__timestamp_of(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro spark__minus_offset(time, zone) -%}
    ({{ time }} - make_dt_interval(0, 0, {{ offset_minutes(zone) }}))
{%- endmacro %}

{#- Spark takes the earlier of two instants. -#}
{% macro spark__time_in_zone(text, zone) -%}
    {%- set first = "try_cast(concat(" ~ text ~ ", ' ', " ~ zone ~ ") as timestamp)" -%}
    {%- set later = '(' ~ first ~ ' + make_dt_interval(0, 1))' -%}
    case
        when from_utc_timestamp({{ later }}, {{ zone }}) = from_utc_timestamp({{ first }}, {{ zone }}) then {{ later }}
        else {{ first }}
    end
{%- endmacro %}

{% macro spark__time_of_microseconds(number) -%}
    timestamp_micros({{ number }})
{%- endmacro %}

{% macro spark__number_or_null(text, type) -%}
    try_cast({{ text }} as {{ type }})
{%- endmacro %}

{#- PostgreSQL. -#}
{% macro postgres__trimmed_text(text) -%}
    btrim({{ text }}, U&'\0009\000A\000D\0020\00A0\200B\202F\2060\FEFF')
{%- endmacro %}

{% macro postgres__native_text(value, kind) -%}
    {%- if kind == 'float' -%}
        {#- A cast of the float itself would keep 15 digits. -#}
        {%- set number = 'cast(cast(' ~ value ~ ' as text) as numeric)' %}
        case
            when {{ value }} not in ('NaN', 'infinity', '-infinity')
                then
                    case
                        when {{ number }} = trunc({{ number }}) then cast(trunc({{ number }}) as text)
                        else cast({{ value }} as text)
                    end
        end
    {%- elif kind == 'decimal' -%}
        case when {{ value }} = trunc({{ value }}) then cast(trunc({{ value }}) as text) else cast({{ value }} as text) end
    {%- else -%}
        cast({{ value }} as text)
    {%- endif -%}
{%- endmacro %}

{% macro postgres__native_time(value, type, kind) -%}
    {%- if kind == 'instant' -%}
        ({{ value }} at time zone 'UTC')
    {%- else -%}
        cast({{ value }} as timestamp)
    {%- endif -%}
{%- endmacro %}

{% macro postgres__timestamp_of(text) -%}
    cast({{ text }} as timestamp)
{%- endmacro %}

{% macro postgres__minus_offset(time, zone) -%}
    ({{ time }} - ({{ offset_minutes(zone) }}) * interval '1 minute')
{%- endmacro %}

{% macro postgres__time_in_zone(text, zone) -%}
    case
        when {{ zone }} in (select zones.name from pg_timezone_names as zones)
            then cast({{ text }} as timestamp) at time zone {{ zone }} at time zone 'UTC'
    end
{%- endmacro %}

{% macro postgres__time_of_microseconds(number) -%}
    (
        timestamp '1970-01-01 00:00:00' + (({{ number }}) / 1000000) * interval '1 second'
        + (({{ number }}) % 1000000) * interval '1 microsecond'
    )
{%- endmacro %}

{#- A number that its type can't hold would stop the build: it is null, and one next to 0 is 0. -#}
{% macro postgres__number_or_null(text, type) -%}
    {%- set number = 'cast(' ~ text ~ ' as numeric)' -%}
    case
        when {{ regex_matches(text, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?0*[0-9]{1,3})?') }}
            then
                case
                    {% if type.startswith('decimal') -%}
                    {%- set digits, decimals = type[8:-1].split(',') -%}
                    when abs(round({{ number }}, {{ decimals | int }})) < 1e{{ digits | int - decimals | int }}
                        then cast({{ number }} as {{ engine_type(type) }})
                    {%- elif type == 'double' -%}
                    when abs({{ number }}) < 1e-300
                        then 0
                    when abs({{ number }}) < 1e308
                        then cast({{ number }} as {{ engine_type(type) }})
                    {%- else -%}
                    when true
                        then cast({{ number }} as {{ engine_type(type) }})
                    {%- endif %}
                end
    end
{%- endmacro %}

{#- Redshift: as PostgreSQL, where nothing else is said. -#}
{% macro redshift__trimmed_text(text) -%}
    btrim({{ text }}, '{{ "\t\n\r \u00a0\u200b\u202f\u2060\ufeff" }}')
{%- endmacro %}

{% macro redshift__native_text(value, kind) -%}
    {%- if kind == 'nested' -%}
        json_serialize({{ value }})
    {%- elif kind == 'boolean' -%}
        case when {{ value }} then 'true' when not {{ value }} then 'false' end
    {%- elif kind == 'float' -%}
        case
            when {{ value }} = floor({{ value }}) and abs({{ value }}) < 1e18
                then cast(cast({{ value }} as bigint) as varchar(65535))
            when cast({{ value }} as varchar(65535)) not in ('NaN', 'Infinity', '-Infinity')
                then cast({{ value }} as varchar(65535))
        end
    {%- elif kind == 'decimal' -%}
        case
            when {{ value }} = floor({{ value }})
                then cast(cast({{ value }} as decimal(38, 0)) as varchar(65535))
            else cast({{ value }} as varchar(65535))
        end
    {%- else -%}
        cast({{ value }} as varchar(65535))
    {%- endif -%}
{%- endmacro %}

{#- A numeric without a scale has no decimals here. That a cast rounds is documented for decimals, and that
    it reads an exponent for floats, not for text. -#}
{% macro redshift__number_or_null(text, type) -%}
    case
        when {{ regex_matches(text, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?0*[0-9]{1,3})?') }}
            then
                {% if type.startswith('decimal') -%}
                {%- set digits, decimals = type[8:-1].split(',') -%}
                {%- set number -%}
                    coalesce(
                        try_cast({{ text }} as decimal(38, 15)),
                        try_cast(try_cast({{ text }} as double precision) as decimal(38, 15))
                    )
                {%- endset -%}
                case
                    when abs(round({{ number }}, {{ decimals | int }})) < 1e{{ digits | int - decimals | int }}
                        then cast({{ number }} as {{ engine_type(type) }})
                end
                {%- else -%}
                try_cast({{ text }} as {{ engine_type(type) }})
                {%- endif %}
    end
{%- endmacro %}

{% macro redshift__time_in_zone(text, zone) -%}
    convert_timezone({{ known_zone(zone) }}, 'UTC', cast({{ text }} as timestamp))
{%- endmacro %}

{#- Redshift and Snowflake stop at a zone that they do not know. -#}
{% macro known_zone(zone) -%}
    case when {{ zone }} in ({{ known_zones() }}) then {{ zone }} end
{%- endmacro %}

{#- Snowflake. -#}
{% macro snowflake__trimmed_text(text) -%}
    trim({{ text }}, '\t\n\r \u00a0\u200b\u202f\u2060\ufeff')
{%- endmacro %}

{% macro snowflake__native_text(value, kind) -%}
    {%- if kind == 'nested' -%}
        to_json({{ value }})
    {%- elif kind in ('float', 'decimal') -%}
        case
            when {{ value }} = floor({{ value }}) and abs({{ value }}) < 1e38
                then cast(cast({{ value }} as number(38, 0)) as text)
            when cast({{ value }} as text) not in ('NaN', 'inf', '-inf') then cast({{ value }} as text)
        end
    {%- else -%}
        cast({{ value }} as text)
    {%- endif -%}
{%- endmacro %}

{% macro snowflake__native_time(value, type, kind) -%}
    {%- if kind == 'instant' -%}
        cast(convert_timezone('UTC', {{ value }}) as timestamp)
    {%- else -%}
        cast({{ value }} as timestamp)
    {%- endif -%}
{%- endmacro %}

{#- It reads no month of one digit. -#}
{% macro snowflake__timestamp_of(text) -%}
    try_cast(regexp_replace({{ text }}, '-([0-9])([^0-9])', '-0\\1\\2') as timestamp)
{%- endmacro %}

{% macro snowflake__minus_offset(time, zone) -%}
    dateadd(minute, -({{ offset_minutes(zone) }}), {{ time }})
{%- endmacro %}

{% macro snowflake__time_in_zone(text, zone) -%}
    convert_timezone({{ known_zone(zone) }}, 'UTC', {{ snowflake__timestamp_of(text) }})
{%- endmacro %}

{% macro snowflake__time_of_microseconds(number) -%}
    dateadd(microsecond, {{ number }}, cast('1970-01-01' as timestamp))
{%- endmacro %}

{% macro snowflake__number_or_null(text, type) -%}
    try_cast({{ text }} as {{ engine_type(type) }})
{%- endmacro %}

{#- BigQuery, whose timestamps are instants. -#}
{% macro bigquery__trimmed_text(text) -%}
    trim({{ text }}, '\t\n\r \u00a0\u200b\u202f\u2060\ufeff')
{%- endmacro %}

{% macro bigquery__native_text(value, kind) -%}
    {%- if kind == 'nested' -%}
        to_json_string({{ value }})
    {%- elif kind in ('float', 'decimal') -%}
        case
            when {{ value }} = trunc({{ value }}) and abs({{ value }}) < 1e28
                then cast(cast({{ value }} as numeric) as string)
            when cast({{ value }} as string) not in ('NaN', 'inf', '-inf') then cast({{ value }} as string)
        end
    {%- else -%}
        cast({{ value }} as string)
    {%- endif -%}
{%- endmacro %}

{% macro bigquery__native_time(value, type, kind) -%}
    cast({{ value }} as timestamp)
{%- endmacro %}

{% macro bigquery__timestamp_of(text) -%}
    safe_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro bigquery__minus_offset(time, zone) -%}
    timestamp_sub({{ time }}, interval ({{ offset_minutes(zone) }}) minute)
{%- endmacro %}

{% macro bigquery__time_in_zone(text, zone) -%}
    safe_cast(concat({{ text }}, ' ', {{ zone }}) as timestamp)
{%- endmacro %}

{% macro bigquery__time_of_microseconds(number) -%}
    timestamp_micros({{ number }})
{%- endmacro %}

{% macro bigquery__number_or_null(text, type) -%}
    safe_cast({{ text }} as {{ engine_type(type) }})
{%- endmacro %}
