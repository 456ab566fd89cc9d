{#- Which groups of a vendor are accounts? The type that PLG_ACCOUNT_GROUP names, else the first usual
    type that occurs in the export. -#}

{#- The types of groups that may be accounts, in order. -#}
{% macro account_group_types() -%}
    {%- set given = env_var('PLG_ACCOUNT_GROUP', '') | trim -%}
    {{ return([given] if given else ['account', 'company', 'organization', 'org', 'workspace', 'team']) }}
{%- endmacro %}

{#- The places of a user's groups, for vendor_rows: group_1 is that of the first type. If a user is in
    several groups of a type, the first one counts. before: text before the type, as in trait_places. -#}
{% macro account_group_places(before) -%}
    {%- set places = {} -%}
    {%- for type in account_group_types() -%}
        {%- do places.update({'group_' ~ loop.index: before ~ type ~ '[0]'}) -%}
    {%- endfor -%}
    {{ return(places) }}
{%- endmacro %}

{#- A query of the number of the type that gives an export its accounts: group_number, null if no type occurs.

    rows: a relation with the columns of account_group_places. -#}
{% macro first_account_group(rows) -%}
    select
        min(
            case
                {% for type in account_group_types() -%}
                when group_{{ loop.index }} is not null then {{ loop.index }}
                {% endfor %}
            end
        ) as group_number
    from {{ rows }}
{%- endmacro %}

{#- A row's account, in a query that joins account_group, the query of first_account_group.

    rows: the name of the relation. -#}
{% macro account_group_id(rows) -%}
    case account_group.group_number
        {% for type in account_group_types() -%}
        when {{ loop.index }} then {{ rows }}.group_{{ loop.index }}
        {% endfor %}
    end
{%- endmacro %}
