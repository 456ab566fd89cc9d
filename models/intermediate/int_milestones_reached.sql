{#- When did each user reach each milestone, and was it in time?
    At the min_count-th event that triggers it; completed before the timeframe ends, not at its end. -#}
with

events as (

    select
        user_id,
        event_name,
        occurred_at,
        occurrence_number
    from {{ ref('int_defined_events') }}

),

milestones as (

    select
        milestone_id,
        path,
        weight,
        triggered_by_event,
        is_required,
        is_first_value,
        min_count,
        timeframe_hours
    from {{ ref('stg_milestones') }}

),

users as (

    select
        user_id,
        signed_up_at
    from {{ ref('int_users') }}

),

int_milestones_reached as (

    select
        users.user_id,
        milestones.milestone_id,
        milestones.path,
        milestones.weight,
        milestones.is_required,
        milestones.is_first_value,
        events.occurred_at as reached_at,
        events.occurred_at
        < {{ dbt.dateadd('hour', 'milestones.timeframe_hours', 'users.signed_up_at') }}
            as is_completed
    from events
    inner join milestones
        on
            events.event_name = milestones.triggered_by_event
            and events.occurrence_number = milestones.min_count
    inner join users on events.user_id = users.user_id

)

select *
from int_milestones_reached
