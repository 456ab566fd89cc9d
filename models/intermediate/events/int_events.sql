{#- Which events count?
    All that no rule removed, each once. For your own queries. -#}
{{ config(materialized='view') }}

with

int_events as (

    {{ events_each_once(ref('int_events_classified'), ref('int_events_repeated')) }}

)

select *
from int_events
