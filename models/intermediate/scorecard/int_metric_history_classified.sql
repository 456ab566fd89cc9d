{#- Which values of metrics under other definitions can be read? -#}
{{ config(materialized='view') }}

with

int_metric_history_classified as (

    select
        definitions_version,
        observed_until_at,
        metric_id,
        week_start_date,
        value,
        file_name,
        is_unreadable,
        case when is_unreadable then 'unreadable_row' end as removed_by
    from {{ ref('stg_metric_history') }}

)

select *
from int_metric_history_classified
