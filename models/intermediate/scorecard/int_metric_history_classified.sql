{#- Which values of metrics under other definitions can be read? -#}
{{ config(materialized='view') }}

with

int_metric_history_classified as (

    select
        *,
        case when is_unreadable then 'unreadable_row' end as removed_by
    from {{ ref('stg_metric_history') }}

)

select *
from int_metric_history_classified
