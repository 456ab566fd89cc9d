{#- Which parts do the delivered events consist of, and has one changed? -#}
with

event_parts as (

    select
        part,
        fingerprint
    from {{ source('raw', 'event_parts') }}

),

stg_event_parts as (

    select
        cast(part as {{ dbt.type_string() }}) as part,
        cast(fingerprint as {{ dbt.type_string() }}) as fingerprint
    from event_parts

)

select *
from stg_event_parts
