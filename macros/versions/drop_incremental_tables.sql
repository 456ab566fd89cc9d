{#- Runs before a full refresh. Drops the incremental tables that will be built from nothing, and all
    incremental tables that are built on them, because versions start again at 1. The tables furthest
    from the raw events go first: if the refresh is interrupted, tables are missing, but none is ahead of
    what it reads.

    Result: nothing; a macro for on-run-start. -#}
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
