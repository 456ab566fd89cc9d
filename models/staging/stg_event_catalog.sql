{#- Which events show use of the product, and which show trouble with it? -#}
with

event_catalog as (

    select
        event_name,
        is_meaningful,
        is_friction
    from {{ ref('event_catalog') }}

),

stg_event_catalog as (

    select
        {{ trimmed_text('event_name') }} as event_name,
        coalesce(is_meaningful, true) as is_meaningful,
        -- In a package, dbt guesses the type of a column that is blank throughout.
        coalesce(cast(is_friction as boolean), false) as is_friction
    from event_catalog

)

select *
from stg_event_catalog
