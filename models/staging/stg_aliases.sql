{#- Which aliases had been delivered by observed_until, in clean types? If the table is absent,
    there is no row. An adapter reads a vendor's export. This model removes only aliases after
    observed_until. -#}
{%- set sources = column_sources(ref('input_columns'), 'aliases') -%}
{%- set adapter_aliases = adapter_of('aliases') -%}
{%- set delivered = source('raw', 'aliases') -%}
with

aliases as (

    {% if adapter_aliases -%}
    select *
    from {{ adapter_aliases }}
    {%- elif has_raw_view('aliases') -%}
    select
        alias_id,
        user_id,
        aliased_at,
        file_name,
        is_unreadable
    from {{ delivered }}
    {%- else -%}
    {{ read_optional_rows('aliases', delivered, sources, []) }}
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
