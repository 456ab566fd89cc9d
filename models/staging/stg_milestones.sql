{#- What has to happen, how often and until when, for a user to reach each milestone? -#}
with

milestones as (

    select
        milestone_id,
        definition,
        weight,
        timeframe,
        triggered_by_event,
        milestone_order,
        path,
        is_required,
        is_first_value,
        min_count,
        min_days,
        within_days
    from {{ ref('milestones') }}

),

stg_milestones as (

    select
        milestone_id,
        definition,
        weight,
        {{ trimmed_text('triggered_by_event') }} as triggered_by_event,
        milestone_order,
        coalesce(nullif(path, ''), 'default') as path,
        coalesce(is_required, true) as is_required,
        coalesce(is_first_value, false) as is_first_value,
        coalesce(min_count, 1) as min_count,
        -- In a package, dbt guesses the type of a column that is blank throughout.
        cast(min_days as integer) as min_days,
        cast(within_days as integer) as within_days,
        cast(substring(timeframe, 1, length(timeframe) - 1) as integer)
        * case substring(timeframe, length(timeframe), 1)
            when 'h' then 1
            when 'd' then 24
            when 'w' then 168
        end as timeframe_hours
    from milestones

)

select *
from stg_milestones
