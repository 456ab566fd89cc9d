{#- Which rows of an Amplitude export are no events, and which time do they have? Only rows
    delivered by observed_until. -#}
with

amplitude_left_out as (

    {{ events_left_out(ref('amplitude_event_rows')) }}

)

select *
from amplitude_left_out
