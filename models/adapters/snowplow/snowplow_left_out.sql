{#- Which rows of a Snowplow table are left out, and why? -#}
with

snowplow_left_out as (

    select
        'events' as table_name,
        'not_an_event' as decision,
        occurred_at as seen_at
    from {{ ref('snowplow_rows') }}
    where not is_event {{ and_delivered_by_observed_until() }}

)

select *
from snowplow_left_out
