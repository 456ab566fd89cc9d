{#- Which steps does each funnel have, and in which window? -#}
with

funnels as (

    select
        funnel_id,
        step_number,
        step_name,
        event_name,
        property_key,
        property_operator,
        property_value,
        is_optional,
        timeframe
    from {{ ref('funnels') }}

),

stg_funnels as (

    select
        funnel_id,
        step_number,
        step_name,
        {{ trimmed_text('event_name') }} as event_name,
        {{ property_filter_columns() }},
        -- In a package, dbt guesses the type of a column that is blank throughout.
        coalesce(cast(is_optional as boolean), false) as is_optional,
        cast(substring(timeframe, 1, length(timeframe) - 1) as integer)
        * case substring(timeframe, length(timeframe), 1)
            when 'h' then 1
            when 'd' then 24
            when 'w' then 168
        end as timeframe_hours
    from funnels

)

select *
from stg_funnels
