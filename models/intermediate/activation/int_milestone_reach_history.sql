{#- When did each user reach each milestone?
    At the min_count-th event that triggers it, or at the first one by which enough of the newest dates
    have such an event. A later build reads again all events of the users with an event that changed.
    Longer than 110 lines: events and dates are two ways to reach a milestone, and a later build has to
    know of both which of the former times are gone. -#}
{{ config(materialized='incremental', unique_key='user_key') }}

with

milestones as (

    select
        milestone_id,
        triggered_by_event,
        min_count,
        min_days,
        within_days
    from {{ ref('stg_milestones') }}

),

definitions as (

    select
        coalesce({{ fingerprint(dbt.concat([
            'cast(length(milestone_id) as ' ~ dbt.type_string() ~ ')', "' '", 'milestone_id', "' '",
            'triggered_by_event', "' '", 'cast(min_count as ' ~ dbt.type_string() ~ ')',
            "' '", 'cast(coalesce(min_days, 0) as ' ~ dbt.type_string() ~ ')',
            "' '", 'cast(coalesce(within_days, 0) as ' ~ dbt.type_string() ~ ')',
        ])) }}, '') as definition_version
    from milestones

),

{% if is_incremental() -%}
touched_users as (

    select user_key
    from {{ ref('int_defined_events') }}
    where
        row_version > {{ watermark('defined_event_version', 'definitions') }}
        and event_name in (select milestones.triggered_by_event from milestones)
    {{ union_distinct() }}
    -- After a change of definitions: all users who had reached something.
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
        row_number() over (partition by user_key, event_name order by occurred_at) as event_number
    from {{ ref('int_defined_events') }}
    where
        {% if is_incremental() -%}
        user_key in (select touched_users.user_key from touched_users)
        and {% endif -%}
        occurred_at is not null
        and event_name in (select milestones.triggered_by_event from milestones)

),

dates as (

    -- All events of a date count as one, the first of them.
    select
        user_key,
        event_name,
        occurred_date,
        min(occurred_at) as first_occurred_at,
        row_number() over (partition by user_key, event_name order by occurred_date) as date_number
    from {{ ref('int_defined_events') }}
    where
        {% if is_incremental() -%}
        user_key in (select touched_users.user_key from touched_users)
        and {% endif -%}
        occurred_at is not null
        and event_name in (
            select milestones.triggered_by_event
            from milestones
            where milestones.min_days is not null
        )
    group by user_key, event_name, occurred_date

),

reached as (

    select
        events.user_key,
        milestones.milestone_id,
        events.occurred_at as reached_at
    from events
    inner join milestones
        on
            events.event_name = milestones.triggered_by_event
            and events.event_number = milestones.min_count
    where milestones.min_days is null
    union all
    -- The first date for which the date min_days - 1 before it is near enough.
    select
        dates.user_key,
        milestones.milestone_id,
        min(dates.first_occurred_at) as reached_at
    from dates
    inner join milestones on dates.event_name = milestones.triggered_by_event
    inner join dates as earlier_dates
        on
            dates.user_key = earlier_dates.user_key
            and dates.event_name = earlier_dates.event_name
            and dates.date_number - milestones.min_days + 1 = earlier_dates.date_number
    where
        milestones.within_days is null
        or {{ days_between('earlier_dates.occurred_date', 'dates.occurred_date') }}
        < milestones.within_days
    group by dates.user_key, milestones.milestone_id

),

known_and_reached as (

    select *
    from reached
    {% if is_incremental() -%}
    union all
    -- Reached by an earlier build, but not by this one: the row stays, without a time.
    select
        known.user_key,
        known.milestone_id,
        cast(null as timestamp) as reached_at
    from {{ this }} as known
    inner join touched_users on known.user_key = touched_users.user_key
    left join reached
        on known.user_key = reached.user_key and known.milestone_id = reached.milestone_id
    where reached.user_key is null
    {%- endif %}

),

int_milestone_reach_history as (

    select
        known_and_reached.*,
        {{ latest_version(ref('int_defined_events')) }} as defined_event_version,
        definitions.definition_version,
        {{ next_version() }} as row_version
    from known_and_reached
    cross join definitions

)

select *
from int_milestone_reach_history
