{#- Does an Amplitude export lack the merged users? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'amplitude' -%}
with

int_amplitude_warnings as (

    {{ no_warnings() if has_vendor_table('amplitude', 'merged_ids') else warning_of_export(
        'no_merges', 'aliases', 'merged_ids',
        'The table merged_ids is missing, so a merged user counts twice. Export the merged '
        ~ 'Amplitude IDs, too, and put them beside the events.'
    ) }}

)

select *
from int_amplitude_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
