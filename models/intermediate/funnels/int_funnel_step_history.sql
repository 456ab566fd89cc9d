{#- How far has each user come in each funnel, and when?
    An attempt starts once. From there, each required step is the first event at or after the one before it:
    one join a place, for all funnels at once. A later build reads again all events of the users with an
    event or a signup that changed.

    An event counts up to an exclusion, so it is enough to look at the first event: if that comes too late,
    each later one does. bound_at is the first exclusion, else the deadline.

    Longer than 110 lines: the places are one chain, and a later build has to know which of the former
    steps are gone. -#}
{{ config(materialized='incremental', unique_key='user_key') }}
{%- set last_place = last_required_place(ref('int_funnel_steps')) -%}
with

steps as (

    select
        funnel_id,
        step_number,
        required_place,
        same_event_place,
        is_optional,
        is_first,
        event_name,
        filter_pattern,
        timeframe_hours
    from {{ ref('int_funnel_steps') }}

),

exclusions as (

    select
        funnel_id,
        event_name,
        filter_pattern,
        from_place,
        to_place
    from {{ ref('int_funnel_exclusions') }}

),

definition_texts as (

    select
        {{ join_texts([
            'length(funnel_id)', "' '", 'funnel_id', "' '", 'step_number', "' '",
            "case when is_optional then 'optional ' else '' end", 'timeframe_hours', "' '",
            "coalesce(filter_pattern, '')", "' '", "coalesce(event_name, '')",
        ]) }} as definition_text
    from steps
    union all
    select
        {{ join_texts([
            'length(funnel_id)', "' '", 'funnel_id', "' excludes '", 'from_place', "' '",
            'to_place', "' '", "coalesce(filter_pattern, '')", "' '", 'event_name',
        ]) }} as definition_text
    from exclusions

),

definitions as (

    select coalesce({{ fingerprint('definition_text') }}, '') as definition_version
    from definition_texts

),

event_names as (

    select event_name
    from steps
    where event_name is not null
    {{ union_distinct() }}
    select event_name
    from exclusions

),

{% if is_incremental() -%}
touched_users as (

    select user_key
    from {{ ref('int_defined_events') }}
    where
        row_version > {{ watermark('defined_event_version', 'definitions') }}
        and event_name in (select event_names.event_name from event_names)
    {{ union_distinct() }}
    select user_key
    from {{ ref('int_signups') }}
    where
        row_version > {{ watermark('signup_version', 'definitions') }}
        and exists (
            select 1
            from steps
            where steps.event_name is null
        )
    {{ union_distinct() }}
    -- Whoever is no user any more, as an alias led to another.
    select known.user_key
    from {{ this }} as known
    left join {{ ref('int_users') }} as signups on known.user_key = signups.user_key
    where known.reached_at is not null and signups.user_key is null
    {{ union_distinct() }}
    -- After a change of definitions: all users who had come to a step.
    select user_key
    from {{ this }}
    where definition_version <> (select definitions.definition_version from definitions)

),

{% endif -%}
events as (

    select
        user_key,
        event_name,
        occurred_at,
        matched_filters
    from {{ ref('int_defined_events') }}
    where
        {% if is_incremental() -%}
        user_key in (select touched_users.user_key from touched_users)
        and {% endif -%}
        occurred_at is not null
        and event_name in (select event_names.event_name from event_names)

),

entries as (

    select
        events.user_key,
        steps.funnel_id,
        min(events.occurred_at) as entered_at
    from events
    inner join steps on {{ is_event_of('events', 'steps') }}
    where steps.is_first
    group by events.user_key, steps.funnel_id
    union all
    select
        signups.user_key,
        steps.funnel_id,
        signups.signed_up_at as entered_at
    from {{ ref('int_users') }} as signups
    cross join steps
    where
        {% if is_incremental() -%}
        signups.user_key in (select touched_users.user_key from touched_users)
        and {% endif -%}
        steps.is_first
        and steps.event_name is null

),

attempts as (

    select
        entries.user_key,
        entries.funnel_id,
        entries.entered_at,
        {{ dbt.dateadd('hour', 'steps.timeframe_hours', 'entries.entered_at') }} as deadline_at
    from entries
    inner join steps on entries.funnel_id = steps.funnel_id
    where steps.is_first

),

-- What is looked for after the required step before `required_place`: the step of this place, and
-- exclusions, which have an ends_place.
wanted as (

    select
        funnel_id,
        required_place,
        event_name,
        filter_pattern,
        same_event_place,
        cast(null as integer) as ends_place
    from steps
    where not is_optional and not is_first
    union all
    select
        funnel_id,
        from_place + 1 as required_place,
        event_name,
        filter_pattern,
        cast(null as integer) as same_event_place,
        to_place as ends_place
    from exclusions

),

wanted_events as (

    select
        attempts.user_key,
        attempts.funnel_id,
        wanted.required_place,
        wanted.same_event_place,
        wanted.ends_place,
        events.occurred_at
    from attempts
    inner join wanted on attempts.funnel_id = wanted.funnel_id
    inner join events
        on attempts.user_key = events.user_key and {{ is_event_of('events', 'wanted') }}
    where
        events.occurred_at >= attempts.entered_at
        and events.occurred_at < attempts.deadline_at

),

place_1 as (

    select
        user_key,
        funnel_id,
        deadline_at,
        {% for place in range(2, last_place + 1) -%}
        deadline_at as bound_at_{{ place }},
        {% endfor -%}
        entered_at as reached_at_1
    from attempts

),

{% for place in range(2, last_place + 1) -%}
{%- set before = place - 1 -%}
found_{{ place }} as (

    select
        so_far.user_key,
        so_far.funnel_id,
        max(so_far.deadline_at) as deadline_at,
        {% for earlier in range(1, place) -%}
        max(so_far.reached_at_{{ earlier }}) as reached_at_{{ earlier }},
        {% endfor -%}
        {% for later in range(place, last_place + 1) -%}
        least(
            max(so_far.bound_at_{{ later }}),
            coalesce(
                min(case
                    when
                        events.ends_place >= {{ later }}
                        and events.occurred_at > so_far.reached_at_{{ before }}
                        then events.occurred_at
                end),
                max(so_far.deadline_at)
            )
        ) as bound_at_{{ later }},
        {% endfor -%}
        min(case
            when
                events.ends_place is null
                and (
                    events.same_event_place is null
                    {% for earlier in range(1, place) -%}
                    or (
                        events.same_event_place = {{ earlier }}
                        and events.occurred_at > so_far.reached_at_{{ earlier }}
                    )
                    {% endfor %}
                )
                then events.occurred_at
        end) as found_at
    from place_{{ before }} as so_far
    inner join steps
        on
            so_far.funnel_id = steps.funnel_id
            and steps.required_place = {{ place }}
            and not steps.is_optional
    left join wanted_events as events
        on
            so_far.user_key = events.user_key
            and so_far.funnel_id = events.funnel_id
            and events.required_place = {{ place }}
            and so_far.reached_at_{{ before }} <= events.occurred_at
    where so_far.reached_at_{{ before }} is not null
    group by so_far.user_key, so_far.funnel_id

),

place_{{ place }} as (

    select
        user_key,
        funnel_id,
        deadline_at,
        {% for earlier in range(1, place) -%}
        reached_at_{{ earlier }},
        {% endfor -%}
        {% for later in range(place, last_place + 1) -%}
        bound_at_{{ later }},
        {% endfor -%}
        case when found_at <= bound_at_{{ place }} then found_at end as reached_at_{{ place }}
    from found_{{ place }}

),

{% endfor -%}
required_steps as (

    {% for place in range(1, last_place + 1) -%}
    select
        user_key,
        funnel_id,
        {{ place }} as required_place,
        deadline_at,
        {{ 'deadline_at' if place == 1 else 'bound_at_' ~ place }} as bound_at,
        {{ 'cast(null as timestamp)' if place == 1 else 'reached_at_' ~ (place - 1) }}
            as previous_at,
        reached_at_{{ place }} as reached_at
    from place_{{ place }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

optional_steps as (

    select
        next_steps.user_key,
        next_steps.funnel_id,
        steps.step_number,
        next_steps.deadline_at,
        next_steps.bound_at,
        next_steps.previous_at,
        next_steps.reached_at as next_reached_at,
        min(events.occurred_at) as found_at
    from steps
    inner join required_steps as next_steps
        on
            steps.funnel_id = next_steps.funnel_id
            and steps.required_place + 1 = next_steps.required_place
    left join required_steps as same_event_steps
        on
            next_steps.user_key = same_event_steps.user_key
            and next_steps.funnel_id = same_event_steps.funnel_id
            and steps.same_event_place = same_event_steps.required_place
    left join events
        on
            next_steps.user_key = events.user_key
            and {{ is_event_of('events', 'steps') }}
            and next_steps.previous_at <= events.occurred_at
            and next_steps.deadline_at > events.occurred_at
            and (
                same_event_steps.reached_at is null
                or same_event_steps.reached_at < events.occurred_at
            )
    where steps.is_optional
    group by
        next_steps.user_key,
        next_steps.funnel_id,
        steps.step_number,
        next_steps.deadline_at,
        next_steps.bound_at,
        next_steps.previous_at,
        next_steps.reached_at

),

all_steps as (

    select
        required_steps.user_key,
        required_steps.funnel_id,
        steps.step_number,
        required_steps.previous_at,
        required_steps.reached_at,
        case
            when required_steps.bound_at < required_steps.deadline_at then required_steps.bound_at
        end as excluded_at
    from required_steps
    inner join steps
        on
            required_steps.funnel_id = steps.funnel_id
            and required_steps.required_place = steps.required_place
    where not steps.is_optional
    union all
    select
        user_key,
        funnel_id,
        step_number,
        previous_at,
        case
            when found_at <= bound_at and found_at <= coalesce(next_reached_at, found_at)
                then found_at
        end as reached_at,
        case when bound_at < deadline_at then bound_at end as excluded_at
    from optional_steps

),

known_and_new_steps as (

    select *
    from all_steps
    {% if is_incremental() -%}
    union all
    -- A step to which an earlier build saw the user come, and this one does not: it stays, without
    -- times.
    select
        known.user_key,
        known.funnel_id,
        known.step_number,
        cast(null as timestamp) as previous_at,
        cast(null as timestamp) as reached_at,
        cast(null as timestamp) as excluded_at
    from {{ this }} as known
    inner join touched_users on known.user_key = touched_users.user_key
    left join all_steps
        on
            known.user_key = all_steps.user_key
            and known.funnel_id = all_steps.funnel_id
            and known.step_number = all_steps.step_number
    where all_steps.user_key is null
    {%- endif %}

),

int_funnel_step_history as (

    select
        known_and_new_steps.*,
        {{ latest_version(ref('int_defined_events')) }} as defined_event_version,
        {{ latest_version(ref('int_signups')) }} as signup_version,
        definitions.definition_version,
        {{ next_version() }} as row_version
    from known_and_new_steps
    cross join definitions

)

select *
from int_funnel_step_history
