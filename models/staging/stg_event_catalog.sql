{#- Which events show use of the product? -#}
with

event_catalog as (

    select
        event_name,
        is_meaningful
    from {{ ref('event_catalog') }}

),

stg_event_catalog as (

    select
        {{ trimmed_text('event_name') }} as event_name,
        coalesce(is_meaningful, true) as is_meaningful
    from event_catalog

)

select *
from stg_event_catalog
