{#- Which rows of a GA4 export are left out, and why? -#}
with

ga4_left_out as (

    {{ events_left_out(ref('ga4_rows'), 'is_replaced', 'intraday_replaced') }}

)

select *
from ga4_left_out
