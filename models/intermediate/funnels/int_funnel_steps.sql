{#- Which event is each step of a funnel, and where is it among the required steps?
    Nothing counts from an optional step: its required_place is that of the required step before it. -#}
with

steps as (

    select
        funnel_id,
        step_number,
        step_name,
        event_name,
        property_key,
        property_operator,
        property_value,
        is_optional,
        timeframe_hours
    from {{ ref('stg_funnels') }}

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

placed_steps as (

    select
        *,
        cast(
            sum(case when is_optional then 0 else 1 end) over (
                partition by funnel_id
                order by step_number
                rows between unbounded preceding and current row
            ) as integer
        ) as required_place,
        min(step_number) over (partition by funnel_id) as first_step_number,
        max(step_number) over (partition by funnel_id) as last_step_number
    from steps

),

int_funnel_steps as (

    select
        placed_steps.funnel_id,
        placed_steps.step_number,
        placed_steps.step_name,
        placed_steps.event_name,
        case
            when filters.filter_number is not null
                then {{ join_texts(["'%|'", 'filters.filter_number', "'|%'"]) }}
        end as filter_pattern,
        placed_steps.is_optional,
        placed_steps.timeframe_hours,
        placed_steps.required_place,
        placed_steps.step_number = placed_steps.first_step_number as is_first,
        placed_steps.step_number = placed_steps.last_step_number as is_last,
        -- Each required step takes an event of its own.
        max(case when not placed_steps.is_optional then placed_steps.required_place end) over (
            partition by placed_steps.funnel_id, placed_steps.event_name
            order by placed_steps.step_number
            rows between unbounded preceding and 1 preceding
        ) as same_event_place
    from placed_steps
    left join filters
        on
            placed_steps.event_name = filters.event_name
            and placed_steps.property_key = filters.property_key
            and placed_steps.property_operator = filters.property_operator
            and coalesce(placed_steps.property_value, '')
            = coalesce(filters.property_value, '')

)

select *
from int_funnel_steps
