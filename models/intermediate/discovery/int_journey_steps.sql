{#- From each first-time event of a user's journey, what did the user try next for the first time?
    A journey begins with the signup. Events of one instant come in the order of their names. Only what
    comes before the window since the event ends is next. -#}
with

members as (

    select
        user_key,
        segment_key,
        anchored_at as signed_up_at,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

first_events as (

    select
        user_key,
        0 as place,
        '(signup)' as event_name,
        signed_up_at as first_occurred_at
    from members
    union all
    select
        tried_events.user_key,
        1 as place,
        tried_events.event_name,
        tried_events.first_occurred_at
    from {{ ref('int_tried_events') }} as tried_events
    inner join {{ ref('int_journey_events') }} as journey_events
        on tried_events.event_name = journey_events.event_name
    where tried_events.is_first

),

pairs as (

    select
        user_key,
        event_name,
        first_occurred_at,
        lead(event_name) over (
            partition by user_key order by place, first_occurred_at, event_name
        ) as next_event_name,
        lead(first_occurred_at) over (
            partition by user_key order by place, first_occurred_at, event_name
        ) as next_occurred_at,
        {{ dbt.dateadd('day', var('velocity_window_days'), 'first_occurred_at') }} as deadline_at
    from first_events

),

eligible_pairs as (

    select
        pairs.*,
        members.segment_key,
        {{ window_has_closed('pairs.deadline_at') }} as is_eligible
    from pairs
    inner join members on pairs.user_key = members.user_key
    cross join observation

),

int_journey_steps as (

    select
        user_key,
        segment_key,
        event_name as from_event_name,
        is_eligible,
        case
            when is_eligible and next_occurred_at < deadline_at then next_event_name
            else '(none)'
        end as to_event_name,
        case
            when is_eligible and next_occurred_at < deadline_at
                then {{ microseconds_between('first_occurred_at', 'next_occurred_at') }}
        end as elapsed_microseconds
    from eligible_pairs

)

select *
from int_journey_steps
