{#- Snowplow's columns of events of your own: one for each schema and version, such as
    unstruct_event_com_acme_action_1_0_0. A row has a value in one of them. -#}

{#- These columns of the table: a list of {name, result, key}, with a short name for queries and the
    name in properties. -#}
{% macro own_event_columns() -%}
    {%- set found = [] -%}
    {%- for table in tables_of('snowplow', 'events') -%}
        {%- set names = table.columns.keys() | list -%}
        {%- set is_capital = names | join == names | join | upper -%}
        {%- for name in names if (name | lower).startswith('unstruct_event_') -%}
            {%- do found.append({
                'name': name,
                'result': 'own_event_' ~ loop.index,
                'key': name | lower if is_capital else name,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The properties of one of your events: the keys of its one value. If there are several values, or one
    that is no object, the values by the names of their columns.

    columns: what own_event_columns found. -#}
{% macro own_event_properties(columns) -%}
    {%- set fields, counts, results = [], [], [] -%}
    {%- for column in columns -%}
        {%- do results.append(column.result) -%}
        {%- do counts.append('case when ' ~ column.result ~ ' is not null then 1 else 0 end') -%}
        {%- do fields.append({'key': column.key, 'json': json_of_text(column.result)}) -%}
    {%- endfor -%}
    {%- if not columns -%}
        cast(null as {{ dbt.type_string() }})
    {%- else -%}
    {%- set one = results[0] if results | length == 1 else 'coalesce(' ~ results | join(', ') ~ ')' -%}
    case
        when {{ counts | join(' + ') }} = 1 and {{ is_json_object(one) | trim }} then {{ one }}
        else {{ json_object_of(fields) }}
    end
    {%- endif -%}
{%- endmacro %}
