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

    select
        'intraday_only' as warning_id,
        'events' as table_name,
        'events_intraday' as subject,
        cast(0 as bigint) as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        {{ no_text('example') }},
        'The export has only intraday tables: their rows change until their date has ended, and so do the '
        || 'numbers. Export the daily tables (events_20240131), too, and put them beside these.'
            as message
    from (select 1 as nothing) as nothing
    where {{ '1 = 0' if daily else '1 = 1' }}

)

select *
from int_ga4_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
