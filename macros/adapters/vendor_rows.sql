{#- A query of the rows of a vendor's table, with values read as from every other source. If the export
    has several such tables (events_1, events_2), it reads all of them. If it has none, there is no row.

    Each group of columns maps the name of a result to where it is in the vendor's table:
        a name                      the column of this name, in whatever capitals; absent: null
        a name and keys, by points  a key of a JSON object or of a struct: user_properties.plan
        such a place and [0]        of a list the first element, else the value itself
        a list of these             the first that has a value of the kind

    ids: text without the words that are no ids (is_no_id); of several, the first that is one.
    other_ids: likewise, but has_illegal_id does not count them: traits and groups.
    any_ids: likewise, but such a word stays: what an alias says.
    numbers: a whole number.
    times: a timestamp in UTC.
    texts: text; empty and the words for a null are null.
    names: text of events' names, in which such words are words.
    objects: a JSON object as text.

    Further columns of the result
        has_illegal_id  whether a field of user_id or anonymous_id was such a word; where there are ids
        table_name      the vendor's table
        file_name       the file, on DuckDB; null on a warehouse
        is_unreadable   whether the row can't be read; then all else is null -#}
{% macro vendor_rows(
    vendor, table, ids={}, other_ids={}, any_ids={}, times={}, texts={}, names={}, objects={}, numbers={}
) -%}
    {%- set groups = {
        'ids': ids, 'other_ids': other_ids, 'any_ids': any_ids, 'times': times, 'texts': texts, 'names': names,
        'objects': objects, 'numbers': numbers,
    } -%}
    {%- set queries = [] -%}
    {%- for found in tables_of(vendor, table) -%}
        {%- do queries.append(rows_of_table(found, groups)) -%}
    {%- endfor -%}
    {{ queries | join('\nunion all\n') if queries else rows_of_table(none, groups) }}
{%- endmacro %}

{#- The query of one table; without a table, a query of no rows. -#}
{% macro rows_of_table(table, groups, beside={}) -%}
    {%- set text = dbt.type_string() -%}
    {%- set columns = table.columns if table else {} -%}
    {%- set values, results, illegal = [], [], [] -%}
    {%- for kind, group in groups.items() -%}
        {%- for result, places in group.items() -%}
            {%- set read = [] -%}
            {%- for place in ([places] if places is string else places) -%}
                {%- set field = field_of(columns, place) -%}
                {%- if field -%}
                    {#- The end of the name decides whether the value is read as an id, a name or an object. -#}
                    {%- set name = 'plg_' ~ values | length ~ {
                        'ids': '_id', 'other_ids': '_id', 'any_ids': '_id', 'names': '_event_name',
                        'objects': '_properties',
                    }.get(kind, '_value') -%}
                    {%- do values.append({
                        'column': name,
                        'sql': field.sql,
                        'type': field.type,
                        'data_type': {'times': 'timestamp', 'numbers': 'bigint'}.get(kind, 'string'),
                    }) -%}
                    {%- if kind == 'ids' and result in ('user_id', 'anonymous_id') -%}
                        {#- Each field is tested, even if an earlier one is an id. -#}
                        {%- do illegal.append(is_no_id(name) | trim) -%}
                    {%- endif -%}
                    {%- do read.append(id_or_null(name) if kind in ('ids', 'other_ids') else name) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- set type = {'times': 'timestamp', 'numbers': 'bigint'}.get(kind, text) -%}
            {%- set value = 'cast(null as ' ~ type ~ ')' if not read else read[0] if read | length == 1
                else 'coalesce(' ~ read | join(', ') ~ ')' -%}
            {%- do results.append(value ~ ' as ' ~ raw_column(result)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if groups.ids -%}
        {%- do results.append(
            'coalesce(' ~ illegal | join(' or ') ~ ', 0 = 1) as has_illegal_id' if illegal
            else 'cast(0 = 1 as boolean) as has_illegal_id'
        ) -%}
    {%- endif -%}
    {%- set made = {
        'table_name': 'plg_table_name' if 'plg_table_name' in columns
            else "cast('" ~ (table.name if table else '') ~ "' as " ~ text ~ ')',
        'file_name': 'plg_file_name' if 'plg_file_name' in columns else 'cast(null as ' ~ text ~ ')',
        'is_unreadable': 'plg_is_unreadable' if 'plg_is_unreadable' in columns else 'cast(0 = 1 as boolean)',
    } -%}
    {%- do made.update(beside) -%}
    select
        {{ results | join(',\n        ') ~ ',' if results }}
        {{ made.keys() | join(', ') }}
    from (
        {{ read_rows(
            values, table.relation if table else '(select 1 as plg_nothing) as plg_nothing where 1 = 0', made
        ) }}
    ) as vendor_values
{%- endmacro %}

{#- A text; null if it is a word that is no id. -#}
{% macro id_or_null(text) -%}
    {{ return('case when not (' ~ is_no_id(text) | trim ~ ') then ' ~ text ~ ' end') }}
{%- endmacro %}

{#- The place of a column, or of a key in one: {sql, type}; none if the column is absent.

    columns: the types of the table's columns by their names.
    place: a name, or a name and keys, separated by points; [0] may follow. -#}
{% macro field_of(columns, place) -%}
    {%- if place.endswith('[0]') -%}
        {%- set list = field_of(columns, place[:-3]) -%}
        {{ return({'sql': first_of_list(list.sql) | trim, 'type': 'text'} if list else none) }}
    {%- endif -%}
    {%- set by_lower = {} -%}
    {%- for column in columns -%}
        {%- do by_lower.setdefault(column | lower, column) -%}
    {%- endfor -%}
    {%- set found = by_lower.get(place | lower) -%}
    {%- if found -%}
        {%- set type = columns[found] -%}
        {%- set sql = adapter.quote(found) -%}
        {{ return(
            {'sql': json_text(sql, type) | trim, 'type': 'text'} if is_json_type(type)
            else {'sql': sql, 'type': type}
        ) }}
    {%- endif -%}
    {%- set path = place.split('.') -%}
    {%- set found = by_lower.get(path[0] | lower) if path | length > 1 -%}
    {%- if found -%}
        {{ return({
            'sql': json_key(adapter.quote(found), columns[found], path[1:]) | trim, 'type': 'text'
        }) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{#- A JSON object of a table's columns, as SQL: all columns with a value except some, keys in byte order.

    columns: the types of the table's columns by their names.
    without: names to leave out, in small letters.
    prefixes: columns whose names begin with one of these are left out, too. -#}
{% macro object_of_columns(columns, without, prefixes) -%}
    {%- set fields = [] -%}
    {%- for column, type in columns.items() if column | lower not in without -%}
        {%- set is_out = [] -%}
        {%- for prefix in prefixes if (column | lower).startswith(prefix) -%}
            {%- do is_out.append(prefix) -%}
        {%- endfor -%}
        {%- if not is_out -%}
            {%- do fields.append({'key': column, 'sql': adapter.quote(column), 'type': type}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(json_object_of(fields)) }}
{%- endmacro %}
