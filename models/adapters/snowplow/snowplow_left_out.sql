{#- Which rows of a Snowplow table are left out, and why? -#}
with

snowplow_left_out as (

    {{ events_left_out(ref('snowplow_rows')) }}

)

select *
from snowplow_left_out
