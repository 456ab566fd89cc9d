{#- The accounts of a vendor's export, and what is known about them. -#}

{#- The places of an account's traits, for vendor_rows: columns of accounts, and those that segments name.

    before: text before a trait's name, such as properties.$group_set. -#}
{% macro account_trait_places(before='') -%}
    {%- set places = {'times': {}, 'texts': {}} -%}
    {%- set times = account_times() -%}
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

{#- The columns of account_trait_places, in their order. -#}
{% macro account_trait_columns() -%}
    {%- set places = account_trait_places() -%}
    {{ return(places.times.keys() | list + places.texts.keys() | list) }}
{%- endmacro %}

{#- The traits of accounts that are times. -#}
{% macro account_times() -%}
    {{ return(['created_at', 'trial_started_at', 'trial_ends_at']) }}
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
    select
        ids.account_id,
        {{ no_text('file_name') }},
        cast(0 = 1 as boolean) as is_unreadable,
        {{ account_columns() }}
    from (select distinct account_id from {{ states }} where account_id is not null) as ids
    left join ({{ latest_traits(states, 'account_id', account_trait_columns()) }}) as traits
        on ids.account_id = traits.account_id
{%- endmacro %}

{#- The columns of the raw accounts that are traits, from those of account_trait_columns. -#}
{% macro account_columns() -%}
    {%- set places = account_trait_places() -%}
    {%- for column, trait in dict(places.times, **places.texts).items() if column not in ['account_name', 'name'] -%}
        {{ column }} as {{ quoted_column(trait) }},
    {% endfor -%}
    name,
    coalesce(account_name, name) as account_name
{%- endmacro %}
