{#- Which early behaviours may foretell who will pay, and with which weight? -#}
with

stg_propensity_behaviors as (

    select
        behavior_id,
        definition,
        weight,
        nullif({{ trimmed_text('triggered_by_event') }}, '') as triggered_by_event,
        coalesce(min_count, 1) as min_count
    from {{ ref('propensity_behaviors') }}

)

select *
from stg_propensity_behaviors
