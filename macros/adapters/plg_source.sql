{#- Where the raw data come from: canonical, or the name of a vendor, whose adapter (models/adapters) makes the
    canonical tables of its own. PLG_SOURCE sets it. With auto (the default), the build looks at the
    tables. It is known only at run time: while dbt parses the project, it is canonical. -#}
{% macro plg_source() -%}
    {%- set given = env_var('PLG_SOURCE', '') | trim | lower or 'auto' -%}
    {%- if not execute or project_name != 'plg_analytics' -%}
        {{ return('canonical') }}
    {%- elif given != 'auto' -%}
        {{ return('segment' if given == 'rudderstack' else given) }}
    {%- elif not graph -%}
        {#- A unit test has no graph, and depends on no data. -#}
        {{ return('canonical') }}
    {%- endif -%}
    {#- Looked for once in a run. -#}
    {%- set known = graph.setdefault('plg_sources', {}) -%}
    {%- if 'auto' not in known -%}
        {%- do known.update({'auto': detected_source()}) -%}
    {%- endif -%}
    {{ return(known['auto']) }}
{%- endmacro %}

{#- What each vendor's adapter makes: its model of events is <vendor>_events, and so on. dbt needs the names
    while it parses, when it can't look for models. -#}
{% macro made_by_adapters() -%}
    {{ return({
        'amplitude': ['events', 'users', 'aliases', 'left_out'],
        'ga4': ['events', 'users', 'left_out'],
        'mixpanel': ['events', 'users', 'aliases', 'left_out'],
        'posthog': ['events', 'users', 'aliases', 'accounts', 'left_out'],
        'segment': ['events', 'users', 'aliases', 'accounts', 'left_out'],
        'snowplow': ['events', 'users', 'left_out'],
    }) }}
{%- endmacro %}

{#- The model of the source in use that makes a canonical table; none where the table is canonical, or the vendor
    has none.

    table: events, users, aliases, accounts, or left_out. -#}
{% macro adapter_of(table) -%}
    {%- for vendor, tables in made_by_adapters().items() if table in tables -%}
        {%- if not execute -%}
            {#- So dbt knows all of them; a build reads one. -#}
            {%- do ref(vendor ~ '_' ~ table) -%}
        {%- elif vendor == plg_source() -%}
            {{ return(ref(vendor ~ '_' ~ table)) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}
