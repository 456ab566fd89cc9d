{#- Before a build: drops the incremental tables that have to be built from nothing, and records which code
    builds each of them. There are two reasons to drop a table:

    - You ask for --full-refresh.
    - Other code built it, such as an earlier version of this project: its columns or its rows could be wrong.

    What is built on a dropped table is dropped too, because version numbers start again. A build that breaks
    off must leave no table ahead of what it reads, so the tables furthest from the raw events go first. -#}
{% macro prepare_incremental_tables() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set nodes = graph.nodes.values()
            | selectattr('package_name', 'equalto', 'plg_analytics')
            | selectattr('resource_type', 'equalto', 'model')
            | selectattr('config.materialized', 'equalto', 'incremental')
            | sort(attribute='name') | list -%}
        {%- set record = api.Relation.create(
            database=nodes[0].database, schema=nodes[0].schema, identifier='incremental_versions', type='view'
        ) -%}
        {%- set known = recorded_versions(record) -%}
        {%- set current = code_versions(nodes) -%}
        {%- set built, outdated, dropped = {}, [], [] -%}
        {%- for node in nodes -%}
            {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
            {%- do built.update({node.name: relation}) if relation -%}
            {%- set is_selected = node.unique_id in selected_resources -%}
            {%- if is_selected and relation and known.get(node.name) != current[node.name] -%}
                {%- do outdated.append(node.name) -%}
                {%- do dropped.append(node.unique_id) -%}
            {%- elif is_selected and flags.FULL_REFRESH and node.config.full_refresh is not sameas false -%}
                {%- do dropped.append(node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if outdated -%}
            {%- do log(
                'Another version of plg_analytics built ' ~ outdated | join(', ') ~ '. This build makes them, '
                ~ 'and what is built on them, from nothing.', info=true
            ) -%}
        {%- endif -%}
        {%- for node in from_the_last_to_the_first(nodes, dropped) -%}
            {%- do adapter.drop_relation(built.pop(node.name)) if node.name in built -%}
        {%- endfor -%}
        {%- set versions = {} -%}
        {%- for node in nodes -%}
            {%- if node.name in built -%}
                {%- do versions.update({node.name: known.get(node.name, '')}) -%}
            {%- elif node.unique_id in selected_resources -%}
                {%- do versions.update({node.name: current[node.name]}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if versions and versions != known -%}
            {%- do record_versions(record, versions) -%}
        {%- endif -%}
        {%- if versions or known -%}
            {#- dbt would leave the transaction open, and on PostgreSQL the tables locked. -#}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The nodes of `dropped` and those that are built on them, readers before what they read. -#}
{% macro from_the_last_to_the_first(nodes, dropped) -%}
    {#- Each round finds what is built on the nodes found so far. -#}
    {%- for _ in nodes -%}
        {%- for node in nodes if node.depends_on.nodes | select('in', dropped) | list -%}
            {%- do dropped.append(node.unique_id) if node.unique_id not in dropped -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set ordered = [] -%}
    {%- for _ in nodes -%}
        {%- for node in nodes if node.unique_id in dropped and node not in ordered -%}
            {%- set waits_for = node.depends_on.nodes
                | select('in', dropped) | reject('in', ordered | map(attribute='unique_id') | list) | list -%}
            {%- do ordered.append(node) if not waits_for -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(ordered | reverse | list) }}
{%- endmacro %}

{#- Which code built each incremental table? A dict from model to version; empty in a new database. -#}
{% macro recorded_versions(record) -%}
    {%- set versions = {} -%}
    {%- if adapter.get_relation(record.database, record.schema, record.identifier) -%}
        {%- call statement('recorded_versions', fetch_result=true) -%}
            select model_name, code_version
            from {{ record }}
        {%- endcall -%}
        {%- for row in load_result('recorded_versions').table.rows -%}
            {%- do versions.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(versions) }}
{%- endmacro %}

{#- Replaces the record. It is a view of literals: every engine can replace one at once. -#}
{% macro record_versions(record, versions) -%}
    {%- call statement('record_versions') -%}
        create or replace view {{ record }} as
        {%- for name, version in versions.items() %}
        select
            cast('{{ name }}' as {{ dbt.type_string() }}) as model_name,
            cast('{{ version }}' as {{ dbt.type_string() }}) as code_version
        {{ 'union all' if not loop.last }}
        {%- endfor -%}
    {%- endcall -%}
{%- endmacro %}
