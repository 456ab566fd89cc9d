{#- An incremental build tells parts of the events apart, and reads those that changed. The macros here say
    which part a row belongs to and what a part holds, where no file says it: from the columns of the table,
    which have been read. -#}

{#- Does the raw schema hold the parts already? The DuckDB plugin and create_raw_views make them in this
    project. They are absent where you use it as a package, or name a model of your own for the events. -#}
{% macro has_event_parts() -%}
    {{ return(has_raw_view('events')) }}
{%- endmacro %}

{#- Does the build make the view of a raw table, with the columns that it adds and the optional ones?
    Not on a warehouse whose raw tables are a vendor's. -#}
{% macro has_raw_view(table) -%}
    {{ return(
        project_name == 'plg_analytics' and not var(table ~ '_model', none)
        and (plg_source() == 'canonical' or vendor_tables_are_files())
    ) }}
{%- endmacro %}

{#- The part of a row: the date of a time, of arrival or else of occurrence.

    time: the column; none where there is none. -#}
{% macro event_part(time) -%}
    coalesce(
        cast({{ utc_date(raw_column(time or 'null')) }} as {{ dbt.type_string() }}),
        'unknown'
    )
{%- endmacro %}

{#- A hash of what a row says; of its time of arrival alone, where that is known.

    values: of delivered_values.
    received_at: whether the time of arrival is known. -#}
{% macro event_content(values, received_at) -%}
    {%- set texts = [] -%}
    {%- for value in values if not received_at or value.column == 'received_at' -%}
        {%- do texts.append(
            "coalesce(cast(" ~ raw_column(value.column) ~ " as " ~ dbt.type_string() ~ "), '-')"
        ) -%}
    {%- endfor -%}
    {{ hash_of(dbt.concat(texts) if texts | length > 1 else texts | first or 'null') }}
{%- endmacro %}

{#- An aggregate over the column `content`: a text that changes whenever the events of a part do. -#}
{% macro part_fingerprint(source_name) -%}
    {{ dbt.concat([
        "'" ~ source_name ~ " '",
        'cast(count(*) as ' ~ dbt.type_string() ~ ')',
        "' '",
        'cast(' ~ exact_sum('content') ~ ' as ' ~ dbt.type_string() ~ ')',
    ]) }}
{%- endmacro %}

{#- The columns that show whether an event of a vendor's adapter has changed, for event_content: all of them. -#}
{% macro adapter_columns() -%}
    {%- set columns = [] -%}
    {%- for name in [
        'event_id', 'user_id', 'anonymous_id', 'raw_event_name', 'occurred_at', 'received_at', 'properties'
    ] -%}
        {%- do columns.append({'column': name}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
