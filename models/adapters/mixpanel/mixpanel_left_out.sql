{#- Which rows of a Mixpanel export are no events, and which time do they have? Only rows delivered
    by observed_until. -#}
with

mixpanel_left_out as (

    {{ events_left_out(ref('mixpanel_event_rows')) }}

)

select *
from mixpanel_left_out
