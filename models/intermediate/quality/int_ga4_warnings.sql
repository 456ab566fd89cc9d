{#- Does a GA4 export have only intraday tables? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'ga4' -%}
{%- set daily = [] -%}
{%- for name in vendor_table_names('ga4', 'events') + vendor_table_names('ga4', 'events_intraday')
    if not name.startswith('events_intraday') -%}
    {%- do daily.append(name) -%}
{%- endfor -%}
with

int_ga4_warnings as (

    {{ no_warnings() if daily else warning_of_export(
        'intraday_only', 'events', 'events_intraday',
        'The export has only intraday tables: their rows change until their date has ended, and so '
        ~ 'do the numbers. Export the daily tables (events_20240131), too, and put them beside these.'
    ) }}

)

select *
from int_ga4_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
