{#- The segment types of segments.csv, for SQL that names their columns, or has a column for each. -#}

{#- How many segment types there can be. Models have as many columns segment_1, segment_2, ... -#}
{% macro segment_slots() -%}
    {{ return(range(1, 13)) }}
{%- endmacro %}

{#- The rows of the seed, each with slot (the number of its column), segment_type, source_table, source_column,
    max_values and bounds (a list of texts). Slots are in the byte order of the source columns, because
    ties of users and accounts compare columns in this order. While dbt parses the project, and if the
    seed is no table yet, the types are the shipped ones.

    seed: ref('segments'). -#}
{% macro segment_rows(seed) -%}
    {%- set shipped = [('install_source', 'users', 'install_source', 1000, ''),
        ('plan_tier', 'users', 'plan_tier', 1000, '')] -%}
    {%- set found = seed_rows(
        seed, ['segment_type', 'source_table', 'source_column', 'max_values', 'bounds']
    ) -%}
    {%- set by_column = {} -%}
    {%- for row in (shipped if found is none else found) -%}
        {%- set bounds = [] -%}
        {%- for bound in (row[4] or '').split(';') if bound | trim -%}
            {%- do bounds.append(bound | trim) -%}
        {%- endfor -%}
        {%- do by_column.update({row[2] | lower ~ '\n' ~ row[0]: {
            'segment_type': row[0],
            'source_table': row[1],
            'source_column': row[2] | lower,
            'max_values': (20 if row[3] is none else row[3]) | int,
            'bounds': bounds,
        }}) -%}
    {%- endfor -%}
    {%- set segments = [] -%}
    {%- for key, segment in by_column | dictsort(case_sensitive=true) -%}
        {%- do segments.append(dict(segment, slot=loop.index)) -%}
    {%- endfor -%}
    {{ return(segments) }}
{%- endmacro %}

{#- The columns of a raw table that have another name in input_columns.csv: your name by ours. None
    while dbt parses the project, and if the seed is no table yet.

    seed: ref('input_columns').
    table: its name in the register. -#}
{% macro column_sources(seed, table) -%}
    {%- set sources = {} -%}
    {%- for row in seed_rows(seed, ['table_name', 'column_name', 'source_column']) or [] if row[0] == table -%}
        {%- do sources.update({row[1]: row[2] | lower}) -%}
    {%- endfor -%}
    {{ return(sources) }}
{%- endmacro %}

{#- The rows of a seed, as lists; none if it can't be read. -#}
{% macro seed_rows(seed, columns) -%}
    {%- if execute and seed.schema and load_relation(seed) -%}
        {%- set rows = [] -%}
        {%- for row in run_query('select ' ~ columns | join(', ') ~ ' from ' ~ seed).rows -%}
            {%- do rows.append(row.values() | list) -%}
        {%- endfor -%}
        {{ return(rows) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{#- The columns segment_1, segment_2, ... for a select from a table: text; null for segments of the
    other table. True and false are in small letters, in any spelling of the file.

    segments: of segment_rows.
    table: users or accounts. -#}
{% macro segment_columns(segments, table) -%}
    {%- for slot in segment_slots() -%}
        {%- set segment = segments | selectattr('slot', 'equalto', slot)
            | selectattr('source_table', 'equalto', table) | first -%}
        {%- if segment %}
        {%- set column = quoted_column(segment.source_column) %}
        case when lower({{ column }}) in ('true', 'false') then lower({{ column }}) else {{ column }} end
        {%- else %}
        cast(null as {{ dbt.type_string() }})
        {%- endif %} as segment_{{ slot }}{{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The columns of a raw table that segments name, quoted, each after a comma.

    segments: of segment_rows.
    table: users or accounts.
    known: the columns of text that the query already has. -#}
{% macro further_columns(segments, table, known) -%}
    {%- for column in segments | selectattr('source_table', 'equalto', table) | map(attribute='source_column') | unique
        if column not in known -%}
        , {{ quoted_column(column) }}
    {%- endfor -%}
{%- endmacro %}
