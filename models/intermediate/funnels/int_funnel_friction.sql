{#- Whom did an error or another sign of trouble meet at a step, before they went on or gave up?
    Who goes on is watched until then, others until the window for friction ends: friction_window_minutes,
    a short one, so that users who don't go on are not watched much longer. -#}
with

events as (

    select
        user_key,
        event_name,
        occurred_at
    from {{ ref('int_defined_events') }}
    where
        occurred_at is not null
        and event_name in (
            select catalog.event_name
            from {{ ref('stg_event_catalog') }} as catalog
            where catalog.is_friction
        )

),

at_steps as (

    select
        user_key,
        funnel_id,
        step_number,
        previous_at,
        least(
            {{ dbt.dateadd('second', 60 * var('friction_window_minutes'), 'previous_at') }},
            coalesce(reached_at, deadline_at),
            deadline_at
        ) as watched_until_at
    from {{ ref('int_funnel_outcomes') }}
    where is_eligible and not is_optional and not is_first

),

int_funnel_friction as (

    select distinct
        at_steps.user_key,
        at_steps.funnel_id,
        at_steps.step_number,
        events.event_name
    from at_steps
    inner join events on at_steps.user_key = events.user_key
    where
        events.occurred_at >= at_steps.previous_at
        and events.occurred_at < at_steps.watched_until_at

)

select *
from int_funnel_friction
