{#- After which first-time event do people stop trying new things?
    Read: one row per event, all users together, the largest number of users who tried nothing new first.
    stop_rate is their share, with its 95 % interval. next_event is what most of the others tried next,
    and median_hours how long half of those took at most. An early event with a large stop_rate needs a
    nudge towards next_event.
    Pitfall: an event that comes last by nature, such as the twentieth feature, has nothing after it: a
    large stop_rate is no loss there. People who stop exploring may use what they know every day; for
    those who leave, see retention_curve_of_closed_cohorts. -#}
with

transitions as (

    select
        from_event_name,
        to_event_name,
        eligible_user_count,
        transition_user_count,
        transition_rate,
        transition_rate_ci_lower,
        transition_rate_ci_upper,
        median_seconds
    from {{ ref('event_transitions') }}
    where segment_type = 'all' and eligible_user_count > 0

),

next_events as (

    select
        from_event_name,
        to_event_name,
        transition_rate,
        median_seconds,
        row_number() over (
            partition by from_event_name
            order by transition_user_count desc, to_event_name asc
        ) as place
    from transitions
    where to_event_name <> '(none)'

),

where_exploring_stops as (

    select
        stops.from_event_name as after_event,
        stops.eligible_user_count,
        stops.transition_user_count as stopped_user_count,
        {{ rounded_rate('stops.transition_rate', 'stop_rate') }},
        next_events.to_event_name as next_event,
        cast(next_events.transition_rate as decimal(9, 3)) as next_event_rate,
        cast(next_events.median_seconds / 3600 as decimal(18, 1)) as median_hours
    from transitions as stops
    left join next_events
        on stops.from_event_name = next_events.from_event_name and next_events.place = 1
    where stops.to_event_name = '(none)'

)

select *
from where_exploring_stops
order by stopped_user_count desc, after_event asc
