{#- Which events end an attempt at a funnel, and between which of its steps? -#}
with

funnel_exclusions as (

    select
        funnel_id,
        event_name,
        property_key,
        property_operator,
        property_value,
        from_step,
        to_step
    from {{ ref('funnel_exclusions') }}

),

stg_funnel_exclusions as (

    select
        funnel_id,
        {{ trimmed_text('event_name') }} as event_name,
        {{ property_filter_columns() }},
        cast(from_step as integer) as from_step,
        cast(to_step as integer) as to_step
    from funnel_exclusions

)

select *
from stg_funnel_exclusions
