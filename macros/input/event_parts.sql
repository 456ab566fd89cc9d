{#- An incremental build tells parts of the events apart, and reads those that changed. The macros here say
    which part a row belongs to and what a part holds, where no file says it: from the columns of the table.

    received_at, in all of them: the column that holds the time of arrival; none where there is none. -#}

{#- Does the raw schema hold the parts already? The DuckDB plugin and create_raw_views make them in this
    project. They are absent where you use it as a package, or name a model of your own for the events. -#}
{% macro has_event_parts() -%}
    {{ return(has_raw_view('events')) }}
{%- endmacro %}

{#- Does the build make the view of a raw table, with the columns that it adds and the ones that may be absent? -#}
{% macro has_raw_view(table) -%}
    {{ return(project_name == 'plg_analytics' and not var(table ~ '_model', none)) }}
{%- endmacro %}

{#- The part of a row: its date of arrival, or else its date of occurrence. -#}
{% macro event_part(received_at=none, table='events') -%}
    coalesce(
        cast(
            cast({{ received_at or raw_column(occurred_column(table) or 'null') }} as date)
            as {{ dbt.type_string() }}
        ),
        'unknown'
    )
{%- endmacro %}

{#- A hash of what a row says; of its time of arrival alone, where that is known.

    delivered: the relation, which may lack some columns. -#}
{% macro event_content(delivered, received_at=none, table='events') -%}
    {%- set names = [received_at] if received_at else [] -%}
    {%- if not received_at -%}
        {%- set there = relation_columns(delivered) if execute else [] -%}
        {%- for name, column in delivered_columns(table).items() -%}
            {%- if not column.config.meta.may_be_absent or name in there -%}
                {%- do names.append(raw_column(name)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set texts = [] -%}
    {%- for name in names -%}
        {%- do texts.append("coalesce(cast(" ~ name ~ " as " ~ dbt.type_string() ~ "), '-')") -%}
    {%- endfor -%}
    {{ hash_of(dbt.concat(texts) if texts | length > 1 else texts | first) }}
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
