{#- Before a full refresh: drops the incremental tables that are to be built from nothing, and those that
    are built on them: versions start anew. So a refresh that is broken off leaves tables that are absent,
    and none that is ahead of what it reads: those furthest from the raw events go first. -#}
{% macro drop_incremental_tables() -%}
    {%- if execute and flags.FULL_REFRESH and flags.WHICH in ('build', 'run') -%}
        {%- set tables = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | selectattr('config.materialized', 'equalto', 'incremental')
            | rejectattr('config.full_refresh', 'sameas', false)
            | list -%}
        {%- set dropped = tables
            | map(attribute='unique_id') | select('in', selected_resources) | list -%}
        {#- Each round finds those that are built on what is found so far. -#}
        {%- for _ in tables -%}
            {%- for node in tables if node.depends_on.nodes | select('in', dropped) | list -%}
                {%- do dropped.append(node.unique_id) if node.unique_id not in dropped -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set ordered = [] -%}
        {%- for _ in dropped -%}
            {%- for node in tables if node.unique_id in dropped and node.unique_id not in ordered -%}
                {%- set waits_for = node.depends_on.nodes
                    | select('in', dropped) | reject('in', ordered) | list -%}
                {%- do ordered.append(node.unique_id) if not waits_for -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for unique_id in ordered | reverse -%}
            {%- set node = graph.nodes[unique_id] -%}
            {%- do adapter.drop_relation(api.Relation.create(
                database=node.database, schema=node.schema, identifier=node.alias, type='table'
            )) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
