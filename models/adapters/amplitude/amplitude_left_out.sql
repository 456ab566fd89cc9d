{#- Which rows of an Amplitude export are no events, and which time do they have? Only rows delivered by
    observed_until. -#}
with

amplitude_left_out as (

    select
        'events' as table_name,
        'not_an_event' as decision,
        occurred_at as seen_at
    from {{ ref('amplitude_event_rows') }}
    where not is_event {{ and_delivered_by_observed_until() }}

)

select *
from amplitude_left_out
