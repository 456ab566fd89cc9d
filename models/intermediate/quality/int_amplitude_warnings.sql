{#- Does an Amplitude export lack the merged users? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'amplitude' -%}
with

int_amplitude_warnings as (

    select
        'no_merges' as warning_id,
        'aliases' as table_name,
        'merged_ids' as subject,
        cast(0 as bigint) as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        {{ no_text('example') }},
        'The table merged_ids is missing, so a merged user counts twice. Export the merged '
        || 'Amplitude IDs, too, and put them beside the events.'
            as message
    from (select 1 as nothing) as nothing
    where {{ '1 = 0' if has_vendor_table('amplitude', 'merged_ids') else '1 = 1' }}

)

select *
from int_amplitude_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
