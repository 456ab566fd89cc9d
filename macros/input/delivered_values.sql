{#- What a raw table delivers, for read_rows: each column of the register of inputs that the table has, with the
    type that the engine says. A column of unknown type is read as text.

    table: its name in the register.
    delivered: the relation.
    received_at: the column that holds the time of arrival, where it has another name; none otherwise. -#}
{% macro delivered_values(table, delivered, received_at=none) -%}
    {%- set types = {} -%}
    {%- for column in (adapter.get_columns_in_relation(delivered) if execute and delivered else []) -%}
        {%- do types.update({column.name | lower: column.dtype}) -%}
    {%- endfor -%}
    {%- set values = [] -%}
    {%- for name, column in delivered_columns(table).items() -%}
        {%- set is_named = name == 'received_at' and received_at -%}
        {%- set source = received_at if is_named else name -%}
        {%- if column.config.meta.may_be_absent and not is_named and name not in types -%}
            {%- do values.append(no_value(name, column.data_type)) -%}
        {%- else -%}
            {%- do values.append({
                'column': name,
                'sql': raw_column(source),
                'type': types.get(source | lower, 'text') | string,
                'data_type': column.data_type,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}

{#- A column that is absent: a null of its type. -#}
{% macro no_value(column, data_type) -%}
    {{ return({
        'column': column,
        'sql': 'cast(null as ' ~ engine_type(data_type) ~ ')',
        'type': 'text' if data_type == 'string' else data_type,
        'data_type': data_type,
    }) }}
{%- endmacro %}

{#- What a build adds to the rows of a table that no view of the build shows. -#}
{% macro made_of_a_table() -%}
    {{ return({'file_name': 'cast(null as ' ~ dbt.type_string() ~ ')', 'is_unreadable': 'cast(0 = 1 as boolean)'}) }}
{%- endmacro %}

{#- A column of text that a source does not have. -#}
{% macro no_text(column) -%}
    cast(null as {{ dbt.type_string() }}) as {{ column }}
{%- endmacro %}
