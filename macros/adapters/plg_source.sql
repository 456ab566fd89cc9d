{#- Where the raw data come from: canonical, or the name of a vendor, whose adapter (models/adapters) makes the
    canonical tables of its own. PLG_SOURCE sets it. With auto (the default), the build looks at the
    tables. It is known only at run time: while dbt parses the project, it is canonical. -#}
{% macro plg_source() -%}
    {%- set given = env_var('PLG_SOURCE', '') | trim | lower or 'auto' -%}
    {%- if not execute or project_name != 'plg_analytics' -%}
        {{ return('canonical') }}
    {%- elif given != 'auto' -%}
        {{ return('segment' if given == 'rudderstack' else given) }}
    {%- endif -%}
    {#- Looked for once in a run. A unit test has no graph. -#}
    {%- set known = graph.setdefault('plg_sources', {}) if graph else {} -%}
    {%- if 'auto' not in known -%}
        {%- do known.update({'auto': detected_source()}) -%}
    {%- endif -%}
    {{ return(known['auto']) }}
{%- endmacro %}

{#- The adapter's model that makes a canonical table from the vendor's export; none if the table is canonical.

    adapters: the model of each vendor that has one. -#}
{% macro adapter_of(adapters) -%}
    {%- if not execute -%}
        {#- So dbt knows all of these models; a build reads one. -#}
        {%- for model in adapters.values() -%}
            {%- do ref(model) -%}
        {%- endfor -%}
    {%- elif plg_source() in adapters -%}
        {{ return(ref(adapters[plg_source()])) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}
