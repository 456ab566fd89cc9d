{#- dbt-duckdb's own macro guesses quotes and line ends from the first rows, so a file that passed our checks
    could load otherwise or not at all. It also breaks on a path with an apostrophe. This one reads the file as
    plg/definitions does, and ignores columns that the definition does not have.

    dbt uses the macros of this file for our seeds only, and its own where you use this project as a package. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set types = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- do types.append("'" ~ column | replace("'", "''") ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- set columns = known_columns(model, agate_table) | join(', ') -%}
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

{#- The others insert literals: a value of a column that the CSV may lack has no type when dbt binds it, and
    dbt-spark binds a missing value as the text None. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {{ return(insert_batches(model, agate_table)) }}
{% endmacro %}

{% macro postgres__load_csv_rows(model, agate_table) %}
    {{ return(insert_batches(model, agate_table)) }}
{% endmacro %}

{% macro snowflake__load_csv_rows(model, agate_table) %}
    {{ return(insert_batches(model, agate_table)) }}
{% endmacro %}

{% macro insert_batches(model, agate_table) %}
    {%- for rows in agate_table.rows | batch(1000) -%}
        {%- set sql = insert_of_literals(model, agate_table, rows) -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}

{#- The statement that inserts rows of a seed. Columns that the definition does not have are left out. -#}
{% macro insert_of_literals(model, agate_table, rows) -%}
    {%- set types = types_of_columns(model) -%}
    {%- set columns = known_columns(model, agate_table) -%}
    insert into {{ this.render() }} ({{ columns | join(', ') }})
    values
    {%- for row in rows %}
    (
        {%- for column in columns -%}
            {%- set value = row[column] -%}
            {%- if value is none -%}
                null
            {%- else -%}
                cast({{ text_literal(value | string) }} as {{ engine_type(types[column]) }})
            {%- endif -%}
            {{ ', ' if not loop.last }}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The types of all columns that the model describes, those that a CSV may lack among them. -#}
{% macro types_of_columns(model) -%}
    {{ return(dict(model.config.column_types, **model.config.meta.get('optional_column_types', {}))) }}
{%- endmacro %}

{#- The columns of a CSV that the model describes. -#}
{% macro known_columns(model, agate_table) -%}
    {%- set columns = [] -%}
    {%- for column in agate_table.column_names if column in types_of_columns(model) -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- dbt-bigquery's own macros send a file, and its types have no precision. -#}
{% macro bigquery__load_csv_rows(model, agate_table) %}
    {%- for rows in agate_table.rows | batch(1000) -%}
        {%- call statement('insert_rows') -%}
            {{ insert_of_literals(model, agate_table, rows) }}
        {%- endcall -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}

{% macro bigquery__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- do adapter.drop_relation(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}

{#- Makes the seed's table with the columns and types of its yml, in that order; those that the CSV lacks stay
    null. `clauses` come after the columns. -#}
{% macro create_table_of_types(model, clauses='') %}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for column, type in types_of_columns(model).items() %}
            {{ column }} {{ engine_type(type) }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
        {{ clauses }}
    {%- endset -%}
    {%- call statement('_') -%}
        {{ sql }}
    {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{% macro duckdb__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model)) }}
{% endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model, 'using parquet ' ~ comment_clause())) }}
{% endmacro %}

{% macro postgres__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model)) }}
{% endmacro %}

{% macro snowflake__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model)) }}
{% endmacro %}

{% macro bigquery__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model)) }}
{% endmacro %}

{% macro databricks__create_csv_table(model, agate_table) %}
    {{ return(create_table_of_types(model)) }}
{% endmacro %}
