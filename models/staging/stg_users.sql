{#- Which signups had been delivered by observed_until, in clean types? The views of the raw files
    and of a warehouse's tables have already read the values. This model reads the values of a table
    or model that your project names; an adapter reads those of a vendor's export. This model
    removes only signups after observed_until.

    A table: several models read it, and an adapter has much to do for it. -#}
{{ config(materialized='table') }}
{%- set segments = segment_rows(ref('segments')) -%}
{%- set sources = column_sources(ref('input_columns'), 'users') -%}
{%- set adapter_users = adapter_of('users') -%}
{%- set delivered = ref(var('users_model')) if var('users_model') else source('raw', 'users') -%}
with

users as (

    {% if adapter_users -%}
    select *
    from {{ adapter_users }}
    {%- elif has_raw_view('users') -%}
    select
        user_id,
        account_id,
        created_at,
        plan_tier,
        install_source,
        invited_by,
        updated_at,
        received_at,
        file_name,
        is_unreadable
        {{- further_columns(
            segments, 'users', ['user_id', 'account_id', 'plan_tier', 'install_source', 'invited_by']
        ) }}
    from {{ delivered }}
    {%- else -%}
    {{ read_rows(
        delivered_values('users', delivered, sources=sources, segments=segments), delivered,
        made_of_a_table()
    ) }}
    {%- endif %}

),

stg_users as (

    select
        user_id,
        account_id,
        created_at as signed_up_at,
        plan_tier,
        install_source,
        invited_by,
        {{ 'signup_found_by' if adapter_users else no_text('signup_found_by') }},
        file_name,
        {{ segment_columns(segments, 'users') }},
        coalesce(updated_at, received_at) as updated_at,
        coalesce(is_unreadable, false) as is_unreadable
    from users

)

select *
from stg_users
{% if observed_until() -%}
where signed_up_at is null or signed_up_at <= {{ observed_until() }}
{%- endif %}
