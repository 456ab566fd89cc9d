{#- dbt-duckdb's own macro guesses quotes and line ends from the first rows, so that a file which
    plg_input found sound could load otherwise or not at all; and it breaks on a path with an apostrophe.
    Here the file is read as plg_input reads it, and columns that no definition knows are left null. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set types = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- do types.append("'" ~ column | replace("'", "''") ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- set columns = model.config.column_types | join(', ') -%}
    {%- set sql -%}
        insert into {{ this.render() }} ({{ columns }})
        select {{ columns }}
        from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            columns = { {{ types | join(', ') }} },
            header = true, auto_detect = false, strict_mode = false,
            delim = ',', quote = '"', escape = '"'
        )
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{% endmacro %}

{#- dbt-spark's own macro binds a missing value as the text None, and breaks on an apostrophe. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model.config.column_types -%}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names if column in types -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {%- for rows in agate_table.rows | batch(1000) -%}
        {%- set sql -%}
            insert into {{ this.render() }} ({{ columns | join(', ') }})
            values
            {%- for row in rows %}
            (
                {%- for column in columns -%}
                    {%- set value = row[column] -%}
                    {%- if value is none -%}
                        null
                    {%- else -%}
                        cast('{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}' as {{ types[column] }})
                    {%- endif -%}
                    {{ ', ' if not loop.last }}
                {%- endfor -%}
            ){{ ',' if not loop.last }}
            {%- endfor -%}
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}

{#- Columns in the order and of the types of the model's description, as on DuckDB. -#}
{% macro spark__create_csv_table(model, agate_table) %}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for column, type in model.config.column_types.items() %}
            {{ column }} {{ type }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
        using parquet
        {{ comment_clause() }}
    {%- endset -%}
    {%- call statement('_') -%}
        {{ sql }}
    {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}
