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
