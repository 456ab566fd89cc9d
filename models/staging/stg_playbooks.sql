{#- Which way shall each kind of customer take, and how many should get how far? -#}
with

playbooks as (

    select
        playbook_id,
        kpi_id,
        playbook_name,
        persona,
        segment_type,
        segment_value,
        owner,
        kpi_name,
        kpi_order,
        kpi_type,
        triggered_by_event,
        min_count,
        timeframe,
        retention_period,
        target_rate
    from {{ ref('playbooks') }}

),

named_playbooks as (

    select
        playbook_id,
        kpi_id,
        playbook_name,
        persona,
        owner,
        kpi_name,
        kpi_type,
        -- In a package, dbt guesses the type of a column that is blank throughout.
        cast(kpi_order as bigint) as kpi_order,
        cast(target_rate as {{ engine_type('double') }}) as target_rate,
        nullif(segment_type, '') as segment_type,
        nullif({{ trimmed_text('segment_value') }}, '') as segment_value,
        nullif({{ trimmed_text('triggered_by_event') }}, '') as triggered_by_event,
        cast(coalesce(min_count, 1) as bigint) as min_count,
        nullif(cast(timeframe as {{ dbt.type_string() }}), '') as timeframe,
        nullif(cast(retention_period as {{ dbt.type_string() }}), '') as retention_period
    from playbooks

),

stg_playbooks as (

    select
        *,
        cast(substring(retention_period, 2, length(retention_period) - 1) as integer)
            as period_number,
        cast(substring(timeframe, 1, length(timeframe) - 1) as integer)
        * case substring(timeframe, length(timeframe), 1)
            when 'h' then 1
            when 'd' then 24
            when 'w' then 168
        end as timeframe_hours,
        case substring(retention_period, 1, 1)
            when 'd' then 'day'
            when 'w' then 'week'
        end as period_grain
    from named_playbooks

)

select *
from stg_playbooks
