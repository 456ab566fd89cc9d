{#- Which milestones can anybody reach?
    A milestone whose event never occurs is not measured: its rates say nothing about the product. -#}
with

milestones as (

    select
        milestone_id,
        path,
        is_required,
        triggered_by_event
    from {{ ref('stg_milestones') }}

),

occurring_names as (

    select distinct event_name
    from {{ ref('int_defined_events') }}
    where occurred_at is not null

),

int_milestones_measured as (

    select
        milestones.milestone_id,
        milestones.path,
        milestones.is_required,
        milestones.triggered_by_event,
        occurring_names.event_name is not null as is_measured
    from milestones
    left join occurring_names on milestones.triggered_by_event = occurring_names.event_name

)

select *
from int_milestones_measured
