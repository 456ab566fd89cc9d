{#- When did the events of each date last change?
    What is built by date takes in anew the dates that changed since, each as a whole. -#}
{{ config(materialized='incremental', unique_key='occurred_date') }}

with

event_versions as (

    -- What int_events_repeated has read: without that, a date may yet change.
    select max(event_version) as event_version
    from {{ ref('int_events_repeated') }}

),

repeat_versions as (

    select max(row_version) as repeat_version
    from {{ ref('int_events_repeated') }}

),

changed_dates as (

    select occurred_date
    from {{ ref('int_events_classified') }}
    where
        {% if is_incremental() -%}
        row_version > {{ watermark('event_version') }}
        and {% endif -%}
        occurred_date is not null
    {{ union_distinct() }}
    select occurred_date
    from {{ ref('int_events_repeated') }}
    where
        {% if is_incremental() -%}
        row_version > {{ watermark('repeat_version') }}
        and {% endif -%}
        occurred_date is not null

),

int_event_dates as (

    select
        changed_dates.occurred_date,
        event_versions.event_version,
        repeat_versions.repeat_version,
        {{ next_version() }} as row_version
    from changed_dates
    cross join event_versions
    cross join repeat_versions

)

select *
from int_event_dates
