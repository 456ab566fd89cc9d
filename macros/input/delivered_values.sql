{#- What a raw table delivers, for read_rows: each column of the register of inputs that the table has, with the
    type that the engine says. A column of unknown type is read as text.

    table: its name in the register.
    delivered: the relation.
    received_at: the column that holds the time of arrival, where it has another name; none otherwise.
    sources: from column_sources: columns that have other names. segments: from segment_rows: their
    columns are read, too. -#}
{% macro delivered_values(table, delivered, received_at=none, sources={}, segments=[]) -%}
    {%- set types, quoted = {}, {} -%}
    {%- for column in (adapter.get_columns_in_relation(delivered) if execute and delivered else []) -%}
        {%- do types.update({column.name | lower: column.dtype}) -%}
        {%- do quoted.update({column.name | lower: adapter.quote(column.name)}) -%}
    {%- endfor -%}
    {{- refuse_missing_choice(table, types, sources) if types -}}
    {%- set values = [] -%}
    {%- for name, column in delivered_columns(table).items() -%}
        {%- set is_named = (name == 'received_at' and received_at) or name in sources -%}
        {%- set source = received_at if name == 'received_at' and received_at else sources.get(name, name) -%}
        {%- if types and source | lower not in types and (is_named or not column.config.meta.may_be_absent) -%}
            {{ refuse_missing_column(table, name, source, types) }}
        {%- endif -%}
        {%- if column.config.meta.may_be_absent and not is_named and name not in types -%}
            {%- do values.append(no_value(name, column.data_type)) -%}
        {%- else -%}
            {%- do values.append({
                'column': name,
                'sql': quoted.get(source | lower, raw_column(source)) if is_named else raw_column(source),
                'type': types.get(source | lower, 'text') | string,
                'data_type': column.data_type,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for segment in segments if segment.source_table == table -%}
        {%- set name = segment.source_column -%}
        {%- if name not in values | map(attribute='column') -%}
            {%- if types and name not in types -%}
                {{ exceptions.raise_compiler_error(
                    'segments.csv: ' ~ table ~ ' has no column ' ~ name ~ '; it has ' ~ types | join(', ') ~ '.'
                ) }}
            {%- endif -%}
            {%- do values.append({
                'column': name,
                'name': quoted_column(name),
                'sql': quoted.get(name, quoted_column(name)),
                'type': types.get(name, 'text') | string,
                'data_type': 'string',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}

{#- Stops if a table lacks a column, and says which columns it has. -#}
{% macro refuse_missing_column(table, column, source, types) -%}
    {%- set has = table ~ ' has ' ~ types | join(', ') -%}
    {%- if column != source -%}
        {{ exceptions.raise_compiler_error(
            'input_columns.csv: ' ~ table ~ ' has no column ' ~ source ~ ', which should be ' ~ column ~ '; '
            ~ has ~ '.'
        ) }}
    {%- endif -%}
    {{ exceptions.raise_compiler_error(
        'The table ' ~ table ~ ' needs the column ' ~ column ~ '. ' ~ has
        ~ ': if one of these is another name for it, name it in input_columns.csv.'
    ) }}
{%- endmacro %}

{#- Stops if a table has none of several columns of which it needs one. -#}
{% macro refuse_missing_choice(table, types, sources) -%}
    {%- set choice = raw_input(table).config.meta.one_of or [] -%}
    {%- set there = [] -%}
    {%- for name in choice if sources.get(name, name) | lower in types -%}
        {%- do there.append(name) -%}
    {%- endfor -%}
    {%- if choice and not there -%}
        {{ exceptions.raise_compiler_error(
            table ~ ' has neither ' ~ choice | join(' nor ') ~ '. It has ' ~ types | join(', ')
            ~ ': if one of these is another name for one of them, name it in input_columns.csv.'
        ) }}
    {%- endif -%}
{%- endmacro %}

{#- A query of the rows of an optional table for which the build makes no view; without rows if it is absent.

    Arguments as of delivered_values. -#}
{% macro read_optional_rows(table, delivered, sources, segments) -%}
    {%- if execute and not load_relation(delivered) -%}
        {%- set values = [] -%}
        {%- for name, column in delivered_columns(table).items() -%}
            {%- do values.append(no_value(name, column.data_type)) -%}
        {%- endfor -%}
        {%- for segment in segments if segment.source_table == table -%}
            {%- if segment.source_column not in values | map(attribute='column') -%}
                {%- do values.append(dict(
                    no_value(segment.source_column, 'string'), name=quoted_column(segment.source_column)
                )) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ read_rows(values, '(select 1 as nothing) as nothing where 1 = 0', made_of_a_table()) }}
    {%- else -%}
        {{ read_rows(
            delivered_values(table, delivered, sources=sources, segments=segments), delivered, made_of_a_table()
        ) }}
    {%- endif -%}
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
