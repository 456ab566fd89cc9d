{#- Where the raw data come from: canonical, or the name of a vendor, whose adapter (models/adapters) makes the
    canonical tables of its own. PLG_SOURCE says it; with auto (the default) the tables that are there do.
    It is known at run time only: while dbt parses the project, it is canonical. -#}
{% macro plg_source() -%}
    {%- set given = env_var('PLG_SOURCE', '') | trim | lower or 'auto' -%}
    {%- if not execute or project_name != 'plg_analytics' -%}
        {{ return('canonical') }}
    {%- elif given != 'auto' -%}
        {{ return('segment' if given == 'rudderstack' else given) }}
    {%- endif -%}
    {{ return(adapter.dispatch('detected_source', 'plg_analytics')()) }}
{%- endmacro %}

{#- Does a vendor's adapter make a canonical table, and which model is it? None where the table is canonical.

    adapters: the model of each vendor that has one. -#}
{% macro adapter_of(adapters) -%}
    {%- if not execute -%}
        {#- So dbt knows all of them; a build reads one. -#}
        {%- for model in adapters.values() -%}
            {%- do ref(model) -%}
        {%- endfor -%}
    {%- elif plg_source() in adapters -%}
        {{ return(ref(adapters[plg_source()])) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{#- The plugin of DuckDB looks at the files when it opens the database, and leaves what it found in a view. -#}
{% macro duckdb__detected_source() -%}
    {%- set place = raw_place() -%}
    {%- set view = adapter.get_relation(
        database=place.database, schema=place.schema, identifier='plg_source'
    ) -%}
    {{ return(run_query('select source from ' ~ view).columns[0].values()[0] if view else 'canonical') }}
{%- endmacro %}

{#- On a warehouse: the one source whose markers are all columns of its tables in the schema PLG_RAW_SCHEMA. -#}
{% macro default__detected_source() -%}
    {%- set fitting = [] -%}
    {%- for vendor in vendor_sources() -%}
        {%- set tables = vendor_tables(vendor) -%}
        {%- set marked = [] -%}
        {%- for entry in vendor_entries(vendor) if entry.config.meta.markers and entry.name in tables -%}
            {%- for table in tables[entry.name] -%}
                {%- set columns = table.columns.keys() | map('lower') | list -%}
                {%- for markers in entry.config.meta.markers
                    if markers | reject('in', columns) | list | length == 0 -%}
                    {%- do marked.append(entry.name) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if marked -%}
            {%- do fitting.append(vendor) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set users = raw_relation(raw_place().schema, 'users') -%}
    {%- if 'created_at' in relation_columns(users) and 'user_id' in relation_columns(users) -%}
        {%- set events = relation_columns(raw_relation(raw_place().schema, 'events')) -%}
        {%- if ['user_id', 'event_name', 'timestamp'] | reject('in', events) | list | length == 0 -%}
            {%- do fitting.append('canonical') -%}
        {%- endif -%}
    {%- endif -%}
    {%- if fitting | length > 1 -%}
        {{ exceptions.raise_compiler_error(
            'PLG_SOURCE is auto and the schema ' ~ raw_place().schema ~ ' fits '
            ~ fitting | sort | join(' and ') ~ '; set PLG_SOURCE.'
        ) }}
    {%- endif -%}
    {{ return(fitting | first | default('canonical')) }}
{%- endmacro %}
