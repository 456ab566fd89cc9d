{#- Which value of each segment type does each user, or the user's account, have? Numbers with
    bounds become ranges. -#}
{%- set segments = segment_rows(ref('segments')) -%}
{%- set bounded = segments | selectattr('bounds') | list -%}
{%- set tables = {'users': 'signups', 'accounts': 'companies'} -%}
with

bounds as (

    select
        {% for segment in bounded -%}
        {%- set slot = segment.slot -%}
        {%- for bound in segment.bounds -%}
        {{ number_key("'" ~ bound ~ "'") }} as bound_{{ slot }}_{{ loop.index }},
        {% endfor -%}
        {%- endfor -%}
        {{ bounded | length }} as bounded_type_count

),

users as (

    select
        signups.user_key,
        signups.signed_up_at,
        {% for segment in segments -%}
        {{ tables[segment.source_table] }}.segment_{{ segment.slot }},
        {% endfor -%}
        signups.acquisition_type
    from {{ ref('int_users') }} as signups
    left join {{ ref('int_accounts') }} as companies on signups.account_id = companies.account_id

),

keyed_users as (

    select
        {% for segment in bounded -%}
        {{ number_key('users.segment_' ~ segment.slot) }} as key_{{ segment.slot }},
        {% endfor -%}
        users.*,
        bounds.*
    from users
    cross join bounds

),

int_user_traits as (

    select
        user_key,
        signed_up_at,
        {% for slot in segment_slots() -%}
        {% set segment = segments | selectattr('slot', 'equalto', slot) | first -%}
        {% if segment and segment.bounds -%}
        {%- set keys = [] -%}
        {%- for bound in segment.bounds -%}
        {%- do keys.append('bound_' ~ slot ~ '_' ~ loop.index) -%}
        {%- endfor -%}
        {{ value_within_bounds('segment_' ~ slot, 'key_' ~ slot, segment.bounds, keys) }}
        {%- elif segment -%}
        segment_{{ slot }}
        {%- else -%}
        cast(null as {{ dbt.type_string() }})
        {%- endif %} as segment_{{ slot }},
        {% endfor -%}
        acquisition_type
    from keyed_users

)

select *
from int_user_traits
