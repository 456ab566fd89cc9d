{#- The version of the definitions: 12 hexadecimal digits that change with any definition and any var that can move
    a number. plg/definitions/version.py computes the same without dbt. In a unit test there is no graph:
    override it.

    The text behind it is a line `name=checksum` for each seed, by name, and then the vars as a JSON object. dbt's
    checksum of a seed is the SHA-256 of its text without the white space at its ends. -#}
{% macro definitions_version() -%}
    {%- if not execute or not graph -%}
        {{ return('unknown') }}
    {%- endif -%}
    {%- set checksums = {} -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'seed' and node.package_name == 'plg_analytics'
        and node.name not in seeds_without_version() -%}
        {%- do checksums.update({node.name: node.checksum.checksum}) -%}
    {%- endfor -%}
    {%- set values = {} -%}
    {%- for name in definition_vars() -%}
        {%- set value = var(name, none) -%}
        {#- YAML reads a date as one, and JSON has none. -#}
        {%- set is_date = value is not none and value is not string and value is not number and value is not boolean
            and value is not iterable -%}
        {%- do values.update({name: value | string if is_date else value}) -%}
    {%- endfor -%}
    {{ return(version_of(checksums, values)) }}
{%- endmacro %}

{#- The version of seeds and vars.

    checksums: the checksum of each seed, by its name.
    values: the value of each var, by its name. -#}
{% macro version_of(checksums, values) -%}
    {%- set lines = [] -%}
    {%- for name in checksums | sort(case_sensitive=true) -%}
        {%- do lines.append(name ~ '=' ~ checksums[name] ~ '\n') -%}
    {%- endfor -%}
    {{ return(local_md5(lines | join ~ tojson(values, sort_keys=true))[:12]) }}
{%- endmacro %}

{#- The seeds that are in no version: two say what a version is and what a metric means; past 1 MB, which
    excluded_users may be, dbt hashes the path of a seed. -#}
{% macro seeds_without_version() -%}
    {{ return(['definition_log', 'metric_registry', 'excluded_users']) }}
{%- endmacro %}

{#- At the end of a run that has looked the version up in definition_log.csv: the row to add, where it is not there.
    plg/dbt.py knows the sentence by its beginning, and `plg build` says it at its own end instead. -#}
{% macro show_unlogged_version() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- for result in results
            if result.node.unique_id == 'model.plg_analytics.int_definitions_version'
            and result.status == 'success' -%}
            {%- call statement('unlogged_version', fetch_result=true) -%}
                select definitions_version
                from {{ result.node.relation_name }}
                where not is_logged
            {%- endcall -%}
            {%- for row in load_result('unlogged_version').table.rows -%}
                {%- do log(
                    'This version of the definitions is not in definition_log.csv. Add the row: ' ~ row[0] ~ ','
                    ~ run_started_at.strftime('%Y-%m-%d') ~ ',owner,what changed,why',
                    info=true
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
