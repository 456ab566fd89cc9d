{#- Which ids had been said to be one person by observed_until, in clean types? -#}
{%- set delivered = source('raw', 'aliases') -%}
with

aliases as (

    {% if has_raw_view('aliases') -%}
    select
        alias_id,
        user_id,
        aliased_at,
        file_name,
        is_unreadable
    from {{ delivered }}
    {%- else -%}
    {{ read_optional_rows('aliases', delivered) }}
    {%- endif %}

),

stg_aliases as (

    select
        alias_id,
        user_id,
        aliased_at,
        file_name,
        coalesce(is_unreadable, false) as is_unreadable
    from aliases

)

select *
from stg_aliases
{% if observed_until() -%}
where aliased_at is null or aliased_at <= {{ observed_until() }}
{%- endif %}
