{#- Before a full refresh: drops the tables that are to be built from nothing, so that one which is broken
    off leaves tables that are absent, and none that its neighbours are ahead of. -#}
{% macro drop_incremental_tables() -%}
    {%- if execute and flags.FULL_REFRESH and flags.WHICH in ('build', 'run') -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- if node.config.materialized == 'incremental' and node.config.full_refresh is not false -%}
                {%- do adapter.drop_relation(api.Relation.create(
                    database=node.database, schema=node.schema, identifier=node.alias, type='table'
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
