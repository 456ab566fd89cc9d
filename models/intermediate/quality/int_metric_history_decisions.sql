{#- What was decided in reading values of metrics under other definitions, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_metric_history_decisions as (

    {{ delivered_and_counted(
        'metric_history', ref('int_metric_history_classified'), 'observed_until_at'
    ) }}

)

select *
from int_metric_history_decisions
