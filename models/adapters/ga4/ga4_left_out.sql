{#- Which rows of a GA4 export are left out, and why? -#}
with

ga4_left_out as (

    select
        'events' as table_name,
        'intraday_replaced' as decision,
        occurred_at as seen_at
    from {{ ref('ga4_rows') }}
    where is_replaced
    {%- if observed_until() %}
        and (occurred_at is null or occurred_at <= {{ observed_until() }})
    {%- endif %}

)

select *
from ga4_left_out
