{#- Which events end an attempt at a funnel, after which required step, and up to which? -#}
with

exclusions as (

    select
        funnel_id,
        event_name,
        property_key,
        property_operator,
        property_value,
        from_step,
        to_step
    from {{ ref('stg_funnel_exclusions') }}

),

required_steps as (

    select
        funnel_id,
        step_number,
        required_place,
        is_first,
        is_last
    from {{ ref('int_funnel_steps') }}
    where not is_optional

),

filters as (

    select
        filter_number,
        event_name,
        property_key,
        property_operator,
        property_value
    from {{ ref('int_property_filters') }}

),

int_funnel_exclusions as (

    select
        exclusions.funnel_id,
        exclusions.event_name,
        case
            when filters.filter_number is not null
                then {{ join_texts(["'%|'", 'filters.filter_number', "'|%'"]) }}
        end as filter_pattern,
        from_steps.required_place as from_place,
        to_steps.required_place as to_place
    from exclusions
    inner join required_steps as from_steps
        on
            exclusions.funnel_id = from_steps.funnel_id
            and (
                exclusions.from_step = from_steps.step_number
                or (exclusions.from_step is null and from_steps.is_first)
            )
    inner join required_steps as to_steps
        on
            exclusions.funnel_id = to_steps.funnel_id
            and (
                exclusions.to_step = to_steps.step_number
                or (exclusions.to_step is null and to_steps.is_last)
            )
    left join filters
        on
            exclusions.event_name = filters.event_name
            and exclusions.property_key = filters.property_key
            and exclusions.property_operator = filters.property_operator
            and coalesce(exclusions.property_value, '') = coalesce(filters.property_value, '')

)

select *
from int_funnel_exclusions
