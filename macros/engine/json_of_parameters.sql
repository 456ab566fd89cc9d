{#- GA4's list of parameters as a JSON object: [{"key": "a", "value": {"int_value": "1"}}] is {"a": 1}. If
    a key occurs twice, the first one counts. A parameter without a value is left out. Keys are in byte
    order. Null if there is no parameter, or if the text is no such list.

    text: an SQL expression, the JSON text of the list. -#}
{% macro json_of_parameters(text) -%}
    {{- adapter.dispatch('json_of_parameters')(text) -}}
{%- endmacro %}

{#- array_to_string leaves out nulls. -#}
{% macro duckdb__json_of_parameters(text) -%}
    {%- set values = '{"string_value": "VARCHAR", "int_value": "VARCHAR", "float_value": "VARCHAR", '
        ~ '"double_value": "VARCHAR"}' -%}
    {%- set parameters = "from_json(case when json_valid(" ~ text ~ ") then " ~ text
        ~ " end, '[{\"key\": \"VARCHAR\", \"value\": " ~ values ~ "}]')" -%}
    {%- set keys = "list_transform(" ~ parameters ~ ", lambda p: p['key'])" -%}
    {%- set first = parameters ~ '[list_position(' ~ keys ~ ', k)]' -%}
    {%- set fields = "array_to_string(list_transform(list_transform(list_sort(list_distinct(" ~ keys ~ ")), lambda k: "
        ~ first ~ "), lambda p: to_json(p['key']) || ': ' || " ~ ga4_value("p['value']['", "']") ~ "), ', ')" -%}
    '{' || nullif({{ fields }}, '') || '}'
{%- endmacro %}

{% macro spark__json_of_parameters(text) -%}
    {%- set values = 'struct<string_value: string, int_value: string, float_value: string, double_value: string>' -%}
    {%- set parameters = "from_json(" ~ text ~ ", 'array<struct<key: string, value: " ~ values ~ ">>')" -%}
    {%- set keys = "filter(transform(" ~ parameters ~ ", p -> p.key), k -> k is not null)" -%}
    {%- set first = "element_at(filter(" ~ parameters ~ ", p -> p.key = k), 1)" -%}
    {%- set fields = "array_join(transform(transform(array_sort(array_distinct(" ~ keys ~ ")), k -> " ~ first
        ~ "), p -> concat(" ~ as_json('p.key', 'string') ~ ", ': ', " ~ ga4_value('p.value.') ~ ")), ', ')" -%}
    concat('{', nullif({{ fields }}, ''), '}')
{%- endmacro %}

{% macro postgres__json_of_parameters(text) -%}
    {%- set object = "'{\"list\": ' || " ~ text ~ " || '}'" -%}
    case
        when {{ text }} like '[%' and {{ is_json_object('(' ~ object ~ ')') }}
            then (
                select '{' || string_agg(to_json(p.key) || ': ' || p.field, ', ' order by p.key collate "C") || '}'
                from (
                    select distinct on (v.key) v.key, {{ ga4_value('v.') }} as field
                    from (
                        select
                            place,
                            parameter ->> 'key' as key,
                            parameter #>> array['value', 'string_value'] as string_value,
                            parameter #>> array['value', 'int_value'] as int_value,
                            parameter #>> array['value', 'float_value'] as float_value,
                            parameter #>> array['value', 'double_value'] as double_value
                        from json_array_elements(cast({{ text }} as json)) with ordinality as l (parameter, place)
                    ) as v
                    where v.key is not null
                    order by v.key, v.place
                ) as p
            )
    end
{%- endmacro %}

{#- Only a from clause can take its SUPER lists apart, and GA4 exports to BigQuery. -#}
{% macro redshift__json_of_parameters(text) -%}
    {%- if plg_source() == 'ga4' -%}
        {{ exceptions.raise_compiler_error('An export of GA4 is not read on Redshift; build on BigQuery or DuckDB.') }}
    {%- endif -%}
    cast(null as {{ dbt.type_string() }})
{%- endmacro %}

{#- Its objects have their keys in byte order; a value of JSON's null marks a key whose first value is none. -#}
{% macro snowflake__json_of_parameters(text) -%}
    {%- set value -%}
        coalesce(
            to_variant(p:value:string_value::text),
            try_parse_json(coalesce(p:value:int_value, p:value:float_value, p:value:double_value)::text),
            parse_json('null')
        )
    {%- endset -%}
    nullif(
        to_json(reduce(
            case when is_array(try_parse_json({{ text }})) then try_parse_json({{ text }})::array end,
            object_construct(),
            (found, p) -> case
                when p:key is null or array_contains(p:key, object_keys(found)) then found
                else object_insert(found, p:key::text, {{ value }})
            end
        )),
        '{}'
    )
{%- endmacro %}

{% macro bigquery__json_of_parameters(text) -%}
    (
        select concat('{', string_agg(concat(to_json_string(p.key), ': ', p.field), ', ' order by p.key), '}')
        from (
            select v.key, v.nth, {{ ga4_value('v.') }} as field
            from (
                select
                    json_value(parameter, '$.key') as key,
                    json_value(parameter, '$.value.string_value') as string_value,
                    json_value(parameter, '$.value.int_value') as int_value,
                    json_value(parameter, '$.value.float_value') as float_value,
                    json_value(parameter, '$.value.double_value') as double_value,
                    row_number() over (partition by json_value(parameter, '$.key') order by place) as nth
                from unnest(json_query_array({{ text }})) as parameter with offset as place
            ) as v
        ) as p
        where p.nth = 1 and p.key is not null and p.field is not null
    )
{%- endmacro %}
