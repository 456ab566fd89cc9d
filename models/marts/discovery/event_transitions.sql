{#- What do people try next for the first time, and how soon?
    Users count at an event once the window since their first one has closed. -#}
with

steps as (

    select
        segments.segment_type,
        segments.segment_value,
        steps.from_event_name,
        steps.to_event_name,
        steps.is_eligible,
        steps.elapsed_microseconds
    from {{ ref('int_journey_steps') }} as steps
    inner join {{ ref('int_segments') }} as segments on steps.segment_key = segments.segment_key
    where segments.segment_type in ('all', 'acquisition_type')

),

starts as (

    select
        segment_type,
        segment_value,
        from_event_name,
        count(case when is_eligible then 1 end) as eligible_user_count
    from steps
    group by segment_type, segment_value, from_event_name

),

transitions as (

    select
        segment_type,
        segment_value,
        from_event_name,
        to_event_name,
        count(*) as transition_user_count,
        {{ percentile_seconds('elapsed_microseconds', 0.5) }} as median_seconds
    from steps
    where is_eligible
    group by segment_type, segment_value, from_event_name, to_event_name

),

pairs as (

    select
        segment_type,
        segment_value,
        from_event_name,
        to_event_name
    from transitions
    {{ union_distinct() }}
    -- Every start has a row of those who tried nothing else, also while nobody is eligible.
    select
        segment_type,
        segment_value,
        from_event_name,
        '(none)' as to_event_name
    from starts

),

event_transitions as (

    select
        pairs.segment_type,
        pairs.segment_value,
        pairs.from_event_name,
        pairs.to_event_name,
        starts.eligible_user_count,
        transitions.median_seconds,
        coalesce(transitions.transition_user_count, 0) as transition_user_count
    from pairs
    inner join starts
        on
            pairs.segment_type = starts.segment_type
            and pairs.segment_value = starts.segment_value
            and pairs.from_event_name = starts.from_event_name
    left join transitions
        on
            pairs.segment_type = transitions.segment_type
            and pairs.segment_value = transitions.segment_value
            and pairs.from_event_name = transitions.from_event_name
            and pairs.to_event_name = transitions.to_event_name

)

select
    segment_type,
    segment_value,
    from_event_name,
    to_event_name,
    eligible_user_count,
    transition_user_count,
    {{ rate_with_interval(
        'transition_rate', 'transition_user_count', 'eligible_user_count'
    ) }},
    median_seconds
from event_transitions
