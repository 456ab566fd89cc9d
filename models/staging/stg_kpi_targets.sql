{#- What does the team aim at, metric by metric? -#}
with

kpi_targets as (

    select
        metric_id,
        metric_name,
        unit,
        is_higher_better,
        target_value,
        tolerance
    from {{ ref('kpi_targets') }}

),

stg_kpi_targets as (

    select
        metric_id,
        metric_name,
        unit,
        target_value,
        coalesce(is_higher_better, false) as is_higher_better,
        coalesce(tolerance, 0) as tolerance
    from kpi_targets

)

select *
from stg_kpi_targets
