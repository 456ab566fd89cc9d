{#- What does a vendor's export lack, or hold in two ways? The adapter of the source in use knows. -#}
{{ config(materialized='ephemeral') }}
{%- set adapter_warnings = adapter_of({
    'amplitude': 'amplitude_warnings',
    'mixpanel': 'mixpanel_warnings',
    'posthog': 'posthog_warnings',
}) -%}
with

int_source_warnings as (

    {% if adapter_warnings -%}
    select
        warning_id,
        table_name,
        subject,
        row_count,
        row_rate,
        example,
        message
    from {{ adapter_warnings }}
    {%- else -%}
    select
        'none' as warning_id,
        'none' as table_name,
        'none' as subject,
        0 as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        {{ no_text('example') }},
        'none' as message
    where 1 = 0
    {%- endif %}

)

select *
from int_source_warnings
