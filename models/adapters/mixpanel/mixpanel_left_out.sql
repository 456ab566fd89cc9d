{#- Which rows of a Mixpanel export are no events, and when are they from? Of those delivered by
    observed_until. -#}
with

mixpanel_left_out as (

    {{ events_left_out(ref('mixpanel_event_rows')) }}

)

select *
from mixpanel_left_out
