{#- On which day did users of each segment have an event, or was their observation over, by each
    metric that is a time?
    The life tables of first value and of each milestone, all cohorts together. -#}
{{ config(materialized='view') }}

with

int_segment_life_tables as (

    select
        'time_to_first_value' as metric_id,
        'all' as item,
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count
    from {{ ref('int_first_value_life_table') }}
    where cohort_grain = 'all'
    union all
    select
        'time_to_milestone' as metric_id,
        milestone_id as item,
        segment_type,
        segment_value,
        day_number,
        event_count,
        censored_count
    from {{ ref('int_milestone_life_table') }}

)

select *
from int_segment_life_tables
