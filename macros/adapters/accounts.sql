{#- The accounts of a vendor's export: which group of a vendor is one, and what is known of it. -#}

{#- The types of groups that may be accounts, the best first: what PLG_ACCOUNT_GROUP says, else those that teams
    use. Of them the first that the export has is the account, for all users. -#}
{% macro account_group_types() -%}
    {%- set given = env_var('PLG_ACCOUNT_GROUP', '') | trim -%}
    {{ return([given] if given else ['account', 'company', 'organization', 'org', 'workspace', 'team']) }}
{%- endmacro %}

{#- A rank for the type of group that a row names: 1 is the best; null where it names none.

    columns: the column of each of account_group_types, in their order. -#}
{% macro first_group_rank(columns) -%}
    case
        {%- for column in columns %}
        when {{ column }} is not null then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}

{#- The column of the type that has a rank.

    rank: an SQL expression. -#}
{% macro group_of_rank(rank, columns) -%}
    case {{ rank }}
        {%- for column in columns %}
        when {{ loop.index }} then {{ column }}
        {%- endfor %}
    end
{%- endmacro %}

{#- The places of an account's traits, for vendor_rows: columns of accounts, and those that segments name.

    before: what stands before a trait's name, such as properties.$group_set. -#}
{% macro account_trait_places(before='') -%}
    {%- set places = {'times': {}, 'texts': {}} -%}
    {%- for name in ['created_at', 'trial_started_at', 'trial_ends_at'] -%}
        {%- do places.times.update({name: before ~ name}) -%}
    {%- endfor -%}
    {%- for name in ['account_name', 'name', 'seat_count', 'plan_tier', 'install_source', 'acquisition_type']
        + account_segment_traits() -%}
        {%- do places.texts.update({name: before ~ name}) -%}
    {%- endfor -%}
    {{ return(places) }}
{%- endmacro %}

{#- The columns of accounts beyond those of every build that the seed `segments` names. -#}
{% macro account_segment_traits() -%}
    {{ return([]) }}
{%- endmacro %}

{#- A query of a vendor's accounts in the columns of the raw accounts: of each trait the latest value.

    states: as latest_traits reads it, with account_id and the columns of account_trait_places. -#}
{% macro vendor_accounts(states) -%}
    {%- set places = account_trait_places() -%}
    {%- set columns = places.times.keys() | list + places.texts.keys() | list -%}
    select
        ids.account_id,
        {% for column in columns if column not in ['account_name', 'name'] -%}
        traits.{{ column }},
        {% endfor -%}
        coalesce(traits.account_name, traits.name) as account_name,
        cast(null as {{ dbt.type_string() }}) as file_name,
        cast(0 = 1 as boolean) as is_unreadable
    from (select distinct account_id from {{ states }} where account_id is not null) as ids
    left join ({{ latest_traits(states, 'account_id', columns) }}) as traits on ids.account_id = traits.account_id
{%- endmacro %}
