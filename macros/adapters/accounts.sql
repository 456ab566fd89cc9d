{#- The accounts of a vendor's export, and what is known about them. -#}

{#- The places of an account's traits, for vendor_rows: columns of accounts, and those that segments name.

    before: text before a trait's name, such as properties.$group_set. -#}
{% macro account_trait_places(before='') -%}
    {%- set places = {'times': {}, 'texts': {}} -%}
    {%- set times = ['created_at', 'trial_started_at', 'trial_ends_at'] -%}
    {%- set texts = ['account_name', 'name', 'seat_count', 'plan_tier', 'install_source', 'acquisition_type'] -%}
    {%- for name in times -%}
        {%- do places.times.update({name: before ~ name}) -%}
    {%- endfor -%}
    {%- for name in texts -%}
        {%- do places.texts.update({name: before ~ name}) -%}
    {%- endfor -%}
    {%- for name in account_segment_traits(['account_id'] + times + texts) -%}
        {%- do places.texts.update({'segment_trait_' ~ loop.index: before ~ name}) -%}
    {%- endfor -%}
    {{ return(places) }}
{%- endmacro %}

{#- The further columns of accounts that the seed `segments` names. They are traits of these names. -#}
{% macro account_segment_traits(known) -%}
    {%- set columns = [] -%}
    {%- for segment in segment_rows(ref('segments')) if segment.source_table == 'accounts'
        and segment.source_column not in known + columns -%}
        {%- do columns.append(segment.source_column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- A query of a vendor's accounts in the columns of the raw accounts, with the latest value of each trait.

    states: as latest_traits reads it, with account_id and the columns of account_trait_places. -#}
{% macro vendor_accounts(states) -%}
    {%- set places = account_trait_places() -%}
    {%- set columns = places.times.keys() | list + places.texts.keys() | list -%}
    select
        ids.account_id,
        {% for column, trait in dict(places.times, **places.texts).items()
            if column not in ['account_name', 'name'] -%}
        traits.{{ column }} as {{ quoted_column(trait) }},
        {% endfor -%}
        coalesce(traits.account_name, traits.name) as account_name,
        traits.name,
        cast(null as {{ dbt.type_string() }}) as file_name,
        cast(0 = 1 as boolean) as is_unreadable
    from (select distinct account_id from {{ states }} where account_id is not null) as ids
    left join ({{ latest_traits(states, 'account_id', columns) }}) as traits on ids.account_id = traits.account_id
{%- endmacro %}
