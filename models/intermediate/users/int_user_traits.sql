{#- What does each user, or the user's account, say of each segment type?
    Bounds make values of numbers. -#}
{%- set segments = segment_rows(ref('segments')) -%}
{%- set bounded = segments | selectattr('bounds') | list -%}
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
        users.user_key,
        users.signed_up_at,
        users.acquisition_type
        {%- for segment in segments %},
        {{ segment.source_table }}.segment_{{ segment.slot }}
        {%- endfor %}
    from {{ ref('int_users') }} as users
    left join {{ ref('int_accounts') }} as accounts on users.account_id = accounts.account_id

),

keyed_users as (

    select
        users.*,
        bounds.*
        {%- for segment in bounded %},
        {{ number_key('users.segment_' ~ segment.slot) }} as key_{{ segment.slot }}
        {%- endfor %}
    from users
    cross join bounds

),

int_user_traits as (

    select
        user_key,
        signed_up_at,
        acquisition_type
        {%- for slot in segment_slots() %},
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
        {%- endif %} as segment_{{ slot }}
        {%- endfor %}
    from keyed_users

)

select *
from int_user_traits
