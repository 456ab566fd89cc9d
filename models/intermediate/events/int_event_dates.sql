{#- When did the events of each date last change?
    Models that are built by date build again, as a whole, each date that has changed since. -#}
{{ config(materialized='incremental', unique_key='occurred_date') }}

with

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
        occurred_date,
        -- What int_events_repeated has read: before it has, a date may still change.
        {{ latest_version(ref('int_events_repeated'), 'event_version') }} as event_version,
        {{ latest_version(ref('int_events_repeated')) }} as repeat_version,
        {{ next_version() }} as row_version
    from changed_dates

)

select *
from int_event_dates
