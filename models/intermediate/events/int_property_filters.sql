{#- Which properties of which events do the funnels ask for?
    The properties of all other events are never read. -#}
with

filters as (

    select
        event_name,
        property_key,
        property_operator,
        property_value
    from {{ ref('stg_funnels') }}
    where event_name is not null and property_key is not null
    {{ union_distinct() }}
    select
        event_name,
        property_key,
        property_operator,
        property_value
    from {{ ref('stg_funnel_exclusions') }}
    where property_key is not null

),

int_property_filters as (

    select
        *,
        row_number() over (
            order by event_name, property_key, property_operator, property_value
        ) as filter_number
    from filters

)

select *
from int_property_filters
